#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "eval/bootstrap.h"
#include "eval/sample.h"

namespace llmi::eval {

/// A measure over the samples it applies to.
struct SummaryRow {
  std::string name;
  double value = 0;  ///< Without the missing ones.
  Interval interval;
  std::size_t samples = 0;  ///< With a value.
  std::size_t missing = 0;  ///< Without one, because a judge failed.
};

/// One row a measure, in the order in which samples first have them. A measure that is missing everywhere has a row
/// with `samples` 0.
[[nodiscard]] std::vector<SummaryRow> summarise(std::span<const Sample> samples, std::uint64_t seed);

/// The row with the name; null when there is none.
[[nodiscard]] const SummaryRow* find_row(std::span<const SummaryRow> rows, const std::string& name);

/// Rows by group, for samples that have one.
[[nodiscard]] std::map<std::string, std::vector<SummaryRow>> summarise_groups(std::span<const Sample> samples,
                                                                              std::uint64_t seed);

/// A measure of two evaluations of the same items, over the items in which both have it.
struct ComparedRow {
  std::string name;
  double first = 0;
  double second = 0;
  Interval difference;      ///< Of second - first.
  std::size_t samples = 0;  ///< Pairs.
  std::size_t missing = 0;  ///< Pairs left out because a judge failed in one of them.
};
[[nodiscard]] std::vector<ComparedRow> compare(std::span<const Sample> first, std::span<const Sample> second,
                                               std::uint64_t seed);

}  // namespace llmi::eval
