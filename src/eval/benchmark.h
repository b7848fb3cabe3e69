#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "eval/answer.h"
#include "eval/item.h"
#include "eval/item_file.h"
#include "eval/judge.h"
#include "eval/sample.h"
#include "eval/summary.h"

namespace llmi::eval {

/// How a benchmark is scored.
struct Rules {
  /// The published scorer's arithmetic, faults included (docs/eval.md lists them), for numbers that can be compared
  /// with published ones.
  bool as_published = false;
};

/// An item for which a document was written.
struct Finished {
  std::size_t number;  ///< The item's place in its file, from 1.
  const Item& item;
  const Sample& sample;
  const Answer& answer;
};

/// An adapter to one benchmark: how its items are read, judged and handed in.
struct Benchmark {
  std::string_view name;
  std::string_view help;
  /// Errors: kNotFound, kUnreadable naming file and item.
  Result<std::vector<Item>> (*read)(const ItemPlace& place) = nullptr;
  /// Null: the benchmark has judge-free measures only. Errors: kCancelled, kTimeout; a picture that cannot be read. A
  /// judge that fails is no error but missing marks.
  Result<Judged> (*judge)(JudgeSession& judge, const Rules& rules, const Item& item, const Answer& answer) = nullptr;
  /// Writes what was generated below `out`, in the shape that the benchmark's own scorer reads; null: it has none.
  Result<void> (*write)(const RunContext& context, const std::filesystem::path& out, std::string_view model,
                        std::span<const Finished> finished) = nullptr;
  /// The numbers that stand for the benchmark, made of the summary; those whose parts are missing are left out.
  std::vector<std::pair<std::string, double>> (*headline)(std::span<const SummaryRow> rows) = nullptr;
  bool planned = false;  ///< The plan is measured; no tool runs.
};

/// All benchmarks.
[[nodiscard]] std::span<const Benchmark> benchmarks();

}  // namespace llmi::eval
