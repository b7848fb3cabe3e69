#pragma once

#include <span>
#include <string>

#include "eval/evaluation.h"
#include "eval/summary.h"

namespace llmi::app {

/// The measures of an evaluation on standard output, one a line, and what is missing on standard error.
void print_evaluation(const eval::Benchmark& benchmark, const eval::Evaluation& evaluation,
                      std::span<const eval::Sample> samples);

/// Two evaluations side by side, as a table or as one JSON object.
void print_comparison(std::span<const eval::ComparedRow> rows, bool json);

}  // namespace llmi::app
