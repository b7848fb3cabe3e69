#include "eval/opening.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "base/replace.h"
#include "eval/judges/opening_score.h"
#include "eval/steps.h"
#include "image/operate.h"

namespace llmi::eval::opening {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::array kCriteria{"Correctness",     "Image-Text Coherency",       "Multi-step Consistency",
                               "Content Quality", "Human Preference Alignment", "Completeness",
                               "Content Richness"};
constexpr std::string_view kMark = "<image>";
constexpr std::string_view kBegin = "<BEGIN>";

/// A step of the request as prompt text: one mark where it has a picture, none where it has not.
std::string step_text(const Json& step) {
  std::string text = replaced(step.at("text").get<std::string>(), kBegin, "\n");
  const bool marked = text.find(kMark) != std::string::npos;
  if (!names_image(step)) return replaced(std::move(text), kMark, "");
  return marked ? text : text + std::string(kMark);
}

std::string structure_of_steps(const Json& steps) {
  std::string blocks;
  for (const Json& step : steps) {
    const bool text = step.at("text").get<std::string>().find_first_not_of(" \t\r\n") != std::string::npos;
    if (text && !blocks.ends_with('t')) blocks += 't';
    if (names_image(step)) blocks += 'i';
  }
  return blocks;
}

Result<Item> read_item(const Json& json, const fs::path& folder, const ItemPlace& place) {
  const Json& conversations = json.at("conversations");
  Item item{.id = json.at("total_uid").get<std::string>(),
            .structure = structure_of_steps(conversations.at(1).at("output")),
            .group = json.value("meta_task_name", std::string())};
  for (const Json& step : conversations.at(0).at("input")) {
    item.prompt += (item.prompt.empty() ? "" : "\n") + step_text(step);
    if (!names_image(step)) continue;
    LLMI_TRY(InputImage image, find_image(step.at("image").get<std::string>(), folder, place));
    item.images.push_back(std::move(image));
  }
  return item;
}

Question question(Shown shown) {
  Question question{.prompt_id = "opening-score/1",
                    .instructions = kScorePrompt,
                    .content = std::move(shown.text),
                    .pictures = std::move(shown.pictures)};
  for (const char* criterion : kCriteria) question.scales.push_back({.name = criterion, .lowest = 0, .highest = 10});
  return question;
}

/// Writes one answer's pictures, as JPEG, and gives its steps.
Result<Json> write_steps(const RunContext& context, const fs::path& folder, const Finished& finished) {
  std::size_t pictures = 0;
  return steps_of(finished.answer,
                  [&](const document::ReadyFigure&, const image::Picture& picture) -> Result<std::string> {
                    std::string name = fmt::format("{}-o-{}.jpg", finished.item.id, pictures++);
                    LLMI_TRY(const image::Picture jpeg, image::to_jpeg(context, picture));
                    LLMI_CHECK_OK(write_file(folder / name, jpeg.bytes));
                    return name;
                  });
}

}  // namespace

Result<std::vector<Item>> read(const ItemPlace& place) {
  LLMI_TRY(const fs::path file, file_in(place.in, {"test_data.jsonl"}));
  return read_items(
      file, [&](const Json& json, std::size_t /*number*/) { return read_item(json, file.parent_path(), place); });
}

Result<Judged> judge(JudgeSession& judge, const Rules& /*rules*/, const Item& item, const Answer& answer) {
  Shown shown;
  LLMI_CHECK_OK(show_prompt(item, answer, shown));
  LLMI_CHECK_OK(show_answer("The answer", answer, shown));
  Judged judged;
  LLMI_TRY(judged.marks, judge.ask(question(std::move(shown))));
  for (const Mark& mark : judged.marks)
    judged.measures.push_back({.name = mark.name, .sum = static_cast<double>(mark.value), .missing = mark.missing});
  return judged;
}

Result<void> write(const RunContext& context, const fs::path& out, std::string_view model,
                   std::span<const Finished> finished) {
  const fs::path folder = out / "gen_outputs" / (file_name(model) + "_output");
  for (const Finished& one : finished) {
    Json item = Json::parse(one.item.source);
    LLMI_TRY(item["conversations"][1]["output"], write_steps(context, folder, one));
    LLMI_CHECK_OK(
        write_file(folder / (one.item.id + ".json"), item.dump(4, ' ', false, Json::error_handler_t::replace) + "\n"));
  }
  return {};
}

std::vector<std::pair<std::string, double>> headline(std::span<const SummaryRow> rows) {
  double sum = 0;
  for (const char* criterion : kCriteria) {
    const SummaryRow* row = find_row(rows, criterion);
    if (row == nullptr || row->samples == 0) return {};
    sum += row->value;
  }
  return {{"overall", std::round(100 * sum / static_cast<double>(kCriteria.size())) / 100}};
}

}  // namespace llmi::eval::opening
