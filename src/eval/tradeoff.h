#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/sample.h"
#include "eval/summary.h"

namespace llmi::eval {

/// One way of writing the items of a benchmark, among others that wrote the same items.
struct Arm {
  std::string name;
  std::vector<Sample> samples;
};

/// What an arm came to, and how it differs from the first one.
struct ArmRows {
  std::string name;
  std::vector<SummaryRow> rows;
  std::vector<ComparedRow> against_first;  ///< Empty for the first.
};
[[nodiscard]] std::vector<ArmRows> compare_arms(std::span<const Arm> arms, std::uint64_t seed);

/// The measure that stands for quality: the benchmark's marks where a judge gave them, else the rules' reward. Nothing:
/// no arm has one.
[[nodiscard]] std::optional<std::string_view> quality_of(std::span<const ArmRows> arms);

/// All arms, every measure with its interval and the difference from the first arm.
[[nodiscard]] std::string tradeoff_json(std::span<const ArmRows> arms);
/// A row a measure, a column an arm; a star where the interval of the difference from the first excludes zero.
[[nodiscard]] std::string tradeoff_table(std::span<const ArmRows> arms);
/// A page with the table, intervals and, where there is one, the curve: a picture beside the page.
[[nodiscard]] std::string tradeoff_html(std::span<const ArmRows> arms, std::string_view curve);
/// A Python program that draws quality against tokens, time and, where something has a price, cost. Nothing: no
/// quality.
[[nodiscard]] std::optional<std::string> tradeoff_plot(std::span<const ArmRows> arms);

}  // namespace llmi::eval
