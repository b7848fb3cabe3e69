#include "eval/atp.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "eval/judges/atp_plan.h"
#include "tag/tag.h"

namespace llmi::eval::atp {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kMostMissed = 50;
constexpr std::string_view kOpen = "<imgen>";
constexpr std::string_view kClose = "</imgen>";

Result<Item> read_item(const Json& json, const fs::path& folder, const ItemPlace& place, std::size_t number) {
  const char* key = json.contains("prompt") ? "prompt" : json.contains("query") ? "query" : "question";
  Item item{.id = fmt::format("{:05}", number + 1),
            .prompt = json.at(key).get<std::string>(),
            .group = json.value("category", std::string())};
  if (const auto id = json.find("id"); id != json.end())
    item.id = id->is_string() ? id->get<std::string>() : id->dump();
  for (const Json& image : json.value("images", Json::array())) {
    LLMI_TRY(InputImage picture, find_image(image.get<std::string>(), folder, place));
    item.images.push_back(std::move(picture));
  }
  return item;
}

/// The call without its marks.
std::string call_json(const tag::Tag& call) {
  const std::string text = tag::print(call);
  return text.substr(kOpen.size(), text.size() - kOpen.size() - kClose.size());
}

struct Plan {
  std::string text;
  int calls = 0;
};

Plan plan_of(const document::Document& document) {
  Plan plan;
  for (const document::Block& block : document.blocks) {
    if (const auto* text = std::get_if<document::TextBlock>(&block)) {
      plan.text += text->markdown;
    } else if (const auto& figure = std::get<document::FigureBlock>(block); figure.call) {
      plan.text += fmt::format("\n[call {}: {}]\n", ++plan.calls, call_json(*figure.call));
    } else {
      plan.text += fmt::format("\n[call {}: cannot be read]\n", ++plan.calls);
    }
  }
  return plan;
}

std::vector<Measure> measures_of(const std::vector<Mark>& marks, int calls) {
  std::vector<Measure> measures;
  if (calls > 0)
    measures.push_back({.name = "call_success",
                        .sum = static_cast<double>(marks[0].value),
                        .weight = static_cast<double>(calls),
                        .missing = marks[0].missing});
  measures.push_back(
      {.name = "missed_images", .sum = static_cast<double>(marks[1].value), .missing = marks[1].missing});
  measures.push_back({.name = "plan_quality", .sum = static_cast<double>(marks[2].value), .missing = marks[2].missing});
  return measures;
}

}  // namespace

Result<std::vector<Item>> read(const ItemPlace& place) {
  LLMI_TRY(const fs::path file, file_in(place.in, {"test.jsonl", "test.json"}));
  return read_items(
      file, [&](const Json& json, std::size_t number) { return read_item(json, file.parent_path(), place, number); });
}

Result<Judged> judge(JudgeSession& judge, const Rules& /*rules*/, const Item& item, const Answer& answer) {
  const Plan plan = plan_of(answer.document);
  Shown shown;
  shown.add("The request", item.prompt);
  shown.add("The answer", plan.text);
  Judged judged;
  LLMI_TRY(judged.marks, judge.ask({.prompt_id = "atp-plan/1",
                                    .instructions = kPlanPrompt,
                                    .content = std::move(shown.text),
                                    .scales = {{.name = "right_calls", .lowest = 0, .highest = plan.calls},
                                               {.name = "missed_images", .lowest = 0, .highest = kMostMissed},
                                               {.name = "plan_quality", .lowest = 0, .highest = 100}}}));
  judged.measures = measures_of(judged.marks, plan.calls);
  return judged;
}

Result<void> write(const RunContext& /*context*/, const fs::path& out, std::string_view /*model*/,
                   std::span<const Finished> finished) {
  std::string lines;
  for (const Finished& one : finished) {
    Json calls = Json::array();
    for (const document::Block& block : one.answer.document.blocks)
      if (const auto* figure = std::get_if<document::FigureBlock>(&block); figure != nullptr && figure->call)
        calls.push_back(Json::parse(call_json(*figure->call)));
    const Json line{{"id", one.item.id},
                    {"prompt", one.item.prompt},
                    {"answer", one.answer.document.answer},
                    {"calls", std::move(calls)}};
    lines += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return write_file(out / "plans.jsonl", lines);
}

}  // namespace llmi::eval::atp
