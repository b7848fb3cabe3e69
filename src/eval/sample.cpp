#include "eval/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/file.h"

namespace llmi::eval {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kSamples = "samples";
constexpr const char* kRuns = "runs";

Json measure_json(const Measure& measure) {
  if (measure.missing) return {{"name", measure.name}, {"value", nullptr}};
  Json json{{"name", measure.name}, {"value", measure.weight == 1 ? measure.sum : measure.sum / measure.weight}};
  if (measure.weight != 1) json["part"] = measure.sum;
  if (measure.weight != 1) json["of"] = measure.weight;
  return json;
}

Measure read_measure(const Json& json) {
  Measure measure{.name = json.at("name").get<std::string>()};
  measure.missing = json.at("value").is_null();
  if (measure.missing) return measure;
  measure.weight = json.value("of", 1.0);
  measure.sum = measure.weight == 1 ? json.at("value").get<double>() : json.at("part").get<double>();
  return measure;
}

Json mark_json(const Mark& mark) {
  Json json{{"name", mark.name}, {"value", nullptr}, {mark.missing ? "error" : "reason", mark.reason}};
  if (!mark.missing) json["value"] = mark.value;
  return json;
}

Mark read_mark(const Json& json) {
  Mark mark{.name = json.at("name").get<std::string>(), .missing = json.at("value").is_null()};
  if (!mark.missing) mark.value = json.at("value").get<int>();
  mark.reason = json.at(mark.missing ? "error" : "reason").get<std::string>();
  return mark;
}

Json call_json(const JudgeCall& call) {
  Json json{{"prompt_id", call.prompt_id}};
  if (!call.error.empty()) {
    json["error"] = call.error;
    return json;
  }
  json["model"] = call.model;
  json["seed"] = call.seed;
  json["reply"] = call.reply;
  return json;
}

JudgeCall read_call(const Json& json) {
  return {.prompt_id = json.at("prompt_id").get<std::string>(),
          .reply = json.value("reply", ""),
          .model = json.value("model", ""),
          .seed = json.value("seed", std::uint64_t{0}),
          .error = json.value("error", "")};
}

}  // namespace

bool Sample::incomplete() const {
  return std::ranges::any_of(marks, &Mark::missing) || std::ranges::any_of(measures, &Measure::missing);
}

std::string to_json(const Sample& sample) {
  Json json{{"id", sample.id},
            {"group", sample.group},
            {"seed", sample.seed},
            {"error", sample.error},
            {"judge", sample.judge}};
  json["measures"] = Json::array();
  for (const Measure& measure : sample.measures) json["measures"].push_back(measure_json(measure));
  json["marks"] = Json::array();
  for (const Mark& mark : sample.marks) json["marks"].push_back(mark_json(mark));
  json["judge_calls"] = Json::array();
  for (const JudgeCall& call : sample.judge_calls) json["judge_calls"].push_back(call_json(call));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Sample> sample_from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Sample sample{.id = json.at("id").get<std::string>(),
                  .group = json.at("group").get<std::string>(),
                  .seed = json.at("seed").get<std::uint64_t>(),
                  .error = json.at("error").get<std::string>(),
                  .judge = json.at("judge").get<std::string>()};
    for (const Json& measure : json.at("measures")) sample.measures.push_back(read_measure(measure));
    for (const Json& mark : json.at("marks")) sample.marks.push_back(read_mark(mark));
    // Records of earlier versions have none.
    for (const Json& call : json.value("judge_calls", Json::array())) sample.judge_calls.push_back(read_call(call));
    return sample;
  } catch (const Json::exception& error) {
    return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("is no record of a sample: {}", error.what()));
  }
}

fs::path sample_file(const fs::path& folder, std::string_view id) {
  return folder / kSamples / fmt::format("{}.json", id);
}

fs::path run_folder(const fs::path& folder, std::string_view id) { return folder / kRuns / id; }

Result<std::vector<Sample>> read_samples(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder / kSamples, error))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  if (error) return not_found(fmt::format("{} holds no evaluation", folder.string()));
  std::ranges::sort(files);
  std::vector<Sample> samples;
  for (const fs::path& file : files) {
    LLMI_TRY(const std::string text, read_file(file));
    auto sample = sample_from_json(text);
    if (!sample) {
      sample.error().message = fmt::format("{} {}", file.string(), sample.error().message);
      return std::unexpected(std::move(sample).error());
    }
    samples.push_back(*std::move(sample));
  }
  return samples;
}

}  // namespace llmi::eval
