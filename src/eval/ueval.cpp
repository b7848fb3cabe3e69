#include "eval/ueval.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "eval/judges/ueval_rubric.h"
#include "store/run_record.h"

namespace llmi::eval::ueval {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kTextRubrics = "text_rubrics";
constexpr const char* kImageRubrics = "image_rubrics";

Result<Item> read_item(const Json& json) {
  const Json& id = json.at("id");
  Item item{.id = id.is_string() ? id.get<std::string>() : id.dump(),
            .prompt = json.at("prompt").get<std::string>(),
            .group = json.value("task", std::string())};
  for (const char* kind : {kTextRubrics, kImageRubrics})
    for (const Json& rubric : json.at(kind)) item.criteria.push_back(rubric.get<std::string>());
  return item;
}

std::string text_of(const document::Document& document) {
  std::string text;
  for (const AnswerBlock& block : blocks_of(document))
    if (block.picture == nullptr) text += (text.empty() ? "" : "\n\n") + block.text;
  return text;
}

Result<Shown> shown_pictures(const Answer& answer) {
  Shown shown;
  Passage passage(shown);
  for (const AnswerBlock& block : blocks_of(answer.document)) {
    if (block.picture == nullptr) continue;
    LLMI_TRY(image::Picture picture, store::read_picture(answer.folder, *block.picture));
    passage.add(std::move(picture));
    passage.add("\n");
  }
  passage.add(shown.pictures.empty() ? "[there are no pictures]" : "");
  passage.close("The pictures of the answer");
  return shown;
}

/// Asks the rubrics of one kind about what is shown of the answer, and adds their marks and their rate.
Result<void> ask(JudgeSession& judge, const std::string& kind, const Json& rubrics, const Shown& shown,
                 Judged& judged) {
  double met = 0;
  bool missing = false;
  for (std::size_t i = 0; i < rubrics.size(); ++i) {
    LLMI_TRY(std::vector<Mark> marks,
             judge.ask({.prompt_id = "ueval-rubric/1",
                        .instructions = kRubricPrompt,
                        .content = fmt::format("{}The rubric: {}\n", shown.text, rubrics[i].get<std::string>()),
                        .pictures = shown.pictures,
                        .scales = {{.name = "met", .lowest = 0, .highest = 1}}}));
    Mark& mark = marks.front();
    mark.name = fmt::format("{}_{}", kind, i + 1);
    met += mark.missing ? 0 : mark.value;
    missing = missing || mark.missing;
    judged.marks.push_back(std::move(mark));
  }
  if (rubrics.empty()) return {};
  Measure rate{.name = kind + "_rate", .sum = met / static_cast<double>(rubrics.size())};
  if (missing) rate = {.name = kind + "_rate", .missing = true};
  judged.measures.push_back(std::move(rate));
  return {};
}

}  // namespace

Result<std::vector<Item>> read(const ItemPlace& place) {
  LLMI_TRY(const fs::path file, file_in(place.in, {"ueval.json", "ueval.jsonl"}));
  return read_items(file, [](const Json& json, std::size_t /*number*/) { return read_item(json); });
}

Result<Judged> judge(JudgeSession& judge, const Rules& /*rules*/, const Item& item, const Answer& answer) {
  const Json source = Json::parse(item.source);
  Judged judged;
  Shown text;
  text.add("The request", item.prompt);
  text.add("The text of the answer", text_of(answer.document));
  LLMI_CHECK_OK(ask(judge, "text", source.at(kTextRubrics), text, judged));
  LLMI_TRY(Shown pictures, shown_pictures(answer));
  pictures.add("The request", item.prompt);
  LLMI_CHECK_OK(ask(judge, "image", source.at(kImageRubrics), pictures, judged));
  return judged;
}

Result<void> write(const RunContext& /*context*/, const fs::path& out, std::string_view /*model*/,
                   std::span<const Finished> finished) {
  Json list = Json::array();
  for (const Finished& one : finished) {
    Json pictures = Json::array();
    for (const AnswerBlock& block : blocks_of(one.answer.document))
      if (block.picture != nullptr)
        pictures.push_back(fs::absolute(one.answer.folder / block.picture->file).lexically_normal().string());
    const Json source = Json::parse(one.item.source);
    list.push_back({{"id", source.at("id")},
                    {"text_answer", text_of(one.answer.document)},
                    {"image_answer", std::move(pictures)}});
  }
  return write_file(out / "ueval_output.json", list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::vector<std::pair<std::string, double>> headline(std::span<const SummaryRow> rows) {
  const SummaryRow* text = find_row(rows, "text_rate");
  const SummaryRow* image = find_row(rows, "image_rate");
  if (text == nullptr || image == nullptr || text->samples == 0 || image->samples == 0) return {};
  return {{"rubrics met %", 50 * (text->value + image->value)}};
}

}  // namespace llmi::eval::ueval
