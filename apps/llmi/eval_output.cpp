#include "eval_output.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "console.h"

namespace llmi::app {

void print_evaluation(const eval::Benchmark& benchmark, const eval::Evaluation& evaluation,
                      std::span<const eval::Sample> samples) {
  const auto rows = eval::summarise(samples, evaluation.setting.seed);
  for (const eval::SummaryRow& row : rows) {
    const std::string missing = row.missing > 0 ? fmt::format("  ({} missing)", row.missing) : "";
    if (row.samples == 0) {
      print("{:<28} –{}\n", row.name, missing);
    } else {
      print("{:<28} {:>9.3f}  [{:.3f}, {:.3f}]  n={}{}\n", row.name, row.value, row.interval.low, row.interval.high,
            row.samples, missing);
    }
  }
  if (benchmark.headline != nullptr)
    for (const auto& [name, value] : benchmark.headline(rows)) print("{:<28} {:>9.2f}\n", name, value);
  for (const eval::Sample& sample : samples)
    if (!sample.generated()) tell("llmi: {}: nothing was written: {}\n", sample.id, sample.error);
  const auto incomplete = std::ranges::count_if(samples, &eval::Sample::incomplete);
  if (incomplete > 0)
    tell("llmi: {} of {} samples lack marks, because the judge failed; --resume asks again\n", incomplete,
         samples.size());
  tell("llmi: {}\n", (evaluation.out / "report.html").string());
}

void print_comparison(std::span<const eval::ComparedRow> rows, bool json) {
  nlohmann::ordered_json all = nlohmann::ordered_json::object();
  for (const eval::ComparedRow& row : rows) {
    all[row.name] = {{"first", row.first},        {"second", row.second},        {"difference", row.second - row.first},
                     {"low", row.difference.low}, {"high", row.difference.high}, {"samples", row.samples},
                     {"missing", row.missing}};
    if (json) continue;
    const bool certain = row.difference.low > 0 || row.difference.high < 0;
    print("{:<28} {:>9.3f} {:>9.3f}  {:+.3f} [{:+.3f}, {:+.3f}]{}  n={}{}\n", row.name, row.first, row.second,
          row.second - row.first, row.difference.low, row.difference.high, certain ? " *" : "", row.samples,
          row.missing > 0 ? fmt::format("  ({} missing)", row.missing) : "");
  }
  if (json) print("{}\n", all.dump());
}

}  // namespace llmi::app
