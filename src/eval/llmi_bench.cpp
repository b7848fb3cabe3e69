#include "eval/llmi_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "eval/judges/llmi_bench_criterion.h"

namespace llmi::eval::llmi_bench {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kCriteria = 10;
constexpr int kFullMark = 2;
constexpr int kFailed = -1;  ///< In the published results file.
constexpr std::array kFiles{"text_only.json", "mm_input.json"};

/// What the items of a file ask for, in their order; empty where nobody says.
Result<std::vector<Json>> expectations(fs::path file) {
  file.replace_extension(".expected.json");
  std::error_code error;
  if (!fs::exists(file, error)) return std::vector<Json>();
  LLMI_TRY(const std::string text, read_file(file));
  const Json list = Json::parse(text, nullptr, false);
  if (!list.is_array()) return fail(ErrorCode::kUnreadable, Origin::kCaller, file.string() + " is no JSON list");
  return std::vector<Json>(list.begin(), list.end());
}

/// Throws what the JSON library throws.
Result<void> expect(const Json& wanted, Item& item) {
  item.image_num = wanted.value("image_num", item.image_num);
  item.group = wanted.value("language", std::string());
  LLMI_TRY(item.tools, tools_in(wanted.at("tools")));
  return {};
}

Result<Item> read_item(const Json& json, const ItemPlace& place, const fs::path& file, std::size_t number) {
  Item item{.id = fmt::format("{}-{:03}", file.stem().string(), number + 1), .prompt = json.at("prompt")};
  for (int i = 1; i <= kCriteria; ++i)
    if (const auto found = json.find(fmt::format("r{}", i)); found != json.end() && !found->is_null())
      item.criteria.push_back(found->get<std::string>());
  for (const Json& image : json.value("images", Json::array())) {
    LLMI_TRY(InputImage picture, find_image(image.get<std::string>(), file.parent_path(), place));
    item.images.push_back(std::move(picture));
  }
  return item;
}

Result<std::vector<Item>> read_file_of(const ItemPlace& place, const fs::path& file) {
  LLMI_TRY(const std::vector<Json> wanted, expectations(file));
  return read_items(file, [&](const Json& json, std::size_t number) -> Result<Item> {
    LLMI_TRY(Item item, read_item(json, place, file, number));
    if (number < wanted.size()) LLMI_CHECK_OK(expect(wanted[number], item));
    return item;
  });
}

Measure share(std::string name, int sum, std::size_t marks) {
  return {.name = std::move(name), .sum = static_cast<double>(sum) / static_cast<double>(kFullMark * marks)};
}

std::vector<Measure> measures_of(const std::vector<Mark>& marks) {
  int sum = 0;
  int missing = 0;
  for (const Mark& mark : marks) {
    sum += mark.missing ? 0 : mark.value;
    missing += mark.missing ? 1 : 0;
  }
  Measure score = share("score", sum, marks.size());
  if (missing > 0) score = {.name = "score", .missing = true};
  return {score, share("score_lowest", sum, marks.size()),
          share("score_highest", sum + kFullMark * missing, marks.size())};
}

Json result_of(const Finished& finished) {
  Json scores = Json::object();
  Json reasons = Json::object();
  for (const Mark& mark : finished.sample.marks) {
    scores[mark.name] = mark.missing ? kFailed : mark.value;
    reasons[mark.name] = mark.reason;
  }
  return {{"sample_index", finished.number},
          {"prompt", finished.item.prompt},
          {"answer", finished.answer.document.answer},
          {"scores", std::move(scores)},
          {"justifications", std::move(reasons)}};
}

}  // namespace

Result<std::vector<Item>> read(const ItemPlace& place) {
  std::error_code error;
  if (!fs::is_directory(place.in, error)) return read_file_of(place, place.in);
  std::vector<Item> items;
  for (const char* name : kFiles) {
    if (!fs::exists(place.in / name, error)) continue;
    LLMI_TRY(std::vector<Item> more, read_file_of(place, place.in / name));
    std::ranges::move(more, std::back_inserter(items));
  }
  if (items.empty()) return not_found(fmt::format("{} holds no {}", place.in.string(), fmt::join(kFiles, " and no ")));
  return items;
}

Result<Judged> judge(JudgeSession& judge, const Rules& /*rules*/, const Item& item, const Answer& answer) {
  Shown shown;
  LLMI_CHECK_OK(show_prompt(item, answer, shown));
  LLMI_CHECK_OK(show_answer("The document", answer, shown));
  Judged judged;
  for (std::size_t i = 0; i < item.criteria.size(); ++i) {
    LLMI_TRY(std::vector<Mark> marks,
             judge.ask({.prompt_id = "llmi-bench-criterion/1",
                        .instructions = kCriterionPrompt,
                        .content = fmt::format("{}The criterion: {}\n", shown.text, item.criteria[i]),
                        .pictures = shown.pictures,
                        .scales = {{.name = "score", .lowest = 0, .highest = kFullMark}}}));
    marks.front().name = fmt::format("r{}", i + 1);
    judged.marks.push_back(std::move(marks.front()));
  }
  if (!judged.marks.empty()) judged.measures = measures_of(judged.marks);
  return judged;
}

Result<void> write(const RunContext& /*context*/, const fs::path& out, std::string_view /*model*/,
                   std::span<const Finished> finished) {
  Json results = Json::array();
  for (const Finished& one : finished) results.push_back(result_of(one));
  return write_file(out / "json_results" / "evaluation_results.json",
                    results.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::vector<std::pair<std::string, double>> headline(std::span<const SummaryRow> rows) {
  std::vector<std::pair<std::string, double>> numbers;
  if (const SummaryRow* score = find_row(rows, "score"); score != nullptr && score->samples > 0)
    numbers.emplace_back("score of 10", 10 * score->value);
  if (const SummaryRow* accuracy = find_row(rows, "tool_accuracy"))
    numbers.emplace_back("tool accuracy %", 100 * accuracy->value);
  return numbers;
}

}  // namespace llmi::eval::llmi_bench
