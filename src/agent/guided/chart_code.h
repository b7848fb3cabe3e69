#pragma once

#include <string>
#include <vector>

#include "agent/guided/given_values.h"
#include "agent/guided/prompt_facts.h"

namespace llmi::agent {

struct Chart {
  std::string title;
  std::vector<GivenValue> values;
  std::string unit;  ///< Of the values; empty: none.
  ChartKind kind = ChartKind::kFitting;
};

/// A small Python program that draws the chart and always runs: bars, lying where labels are long; a line for years.
[[nodiscard]] std::string chart_code(const Chart& chart);

/// The same program with the values left out, cut where they belong: before and after "1, 2, 3".
struct OpenChart {
  std::string before;
  std::string after;
};
[[nodiscard]] OpenChart open_chart_code(const std::string& title, const std::vector<std::string>& labels);

/// A small Python program that draws a box with lines to other boxes: kinds, parts or examples of one thing.
[[nodiscard]] std::string tree_code(const std::string& title, const std::string& root,
                                    const std::vector<std::string>& leaves);

}  // namespace llmi::agent
