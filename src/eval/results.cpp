#include "eval/results.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"

namespace llmi::eval {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json rows_json(std::span<const SummaryRow> rows) {
  Json json = Json::object();
  for (const SummaryRow& row : rows) {
    Json& entry = json[row.name];
    entry = {
        {"value", nullptr}, {"low", nullptr}, {"high", nullptr}, {"samples", row.samples}, {"missing", row.missing}};
    if (row.samples == 0) continue;
    entry["value"] = row.value;
    entry["low"] = row.interval.low;
    entry["high"] = row.interval.high;
  }
  return json;
}

Json failures_json(std::span<const Sample> samples) {
  Json json = Json::array();
  for (const Sample& sample : samples)
    if (!sample.generated()) json.push_back({{"id", sample.id}, {"error", sample.error}});
  return json;
}

Json marks_json(std::span<const Sample> samples) {
  std::size_t all = 0;
  std::size_t missing = 0;
  for (const Sample& sample : samples) {
    all += sample.marks.size();
    missing += static_cast<std::size_t>(std::ranges::count_if(sample.marks, &Mark::missing));
  }
  return {{"asked", all}, {"missing", missing}};
}

}  // namespace

Result<void> write_results(const Benchmark& benchmark, const Setting& setting, std::span<const Sample> samples,
                           const fs::path& out) {
  const auto rows = summarise(samples, setting.seed);
  const auto judge = setting.judge.empty() || benchmark.judge == nullptr ? Json() : Json(setting.judge);
  Json json{{"version", 1},
            {"benchmark", setting.benchmark},
            {"in", setting.in},
            {"model", setting.model},
            {"judge", judge},
            {"seed", setting.seed},
            {"as_published", setting.as_published},
            {"scale", setting.scale},
            {"items", samples.size()},
            {"written", std::ranges::count_if(samples, &Sample::generated)},
            {"failed", failures_json(samples)},
            {"marks", marks_json(samples)}};
  json["headline"] = Json::object();
  if (benchmark.headline != nullptr)
    for (const auto& [name, value] : benchmark.headline(rows)) json["headline"][name] = value;
  json["measures"] = rows_json(rows);
  json["groups"] = Json::object();
  for (const auto& [group, group_rows] : summarise_groups(samples, setting.seed))
    json["groups"][group] = rows_json(group_rows);
  return write_file(out / "results.json", json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace llmi::eval
