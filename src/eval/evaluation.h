#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "eval/benchmark.h"

namespace llmi::eval {

/// What an evaluation is; its record in the folder must say the same when it goes on.
struct Setting {
  std::string benchmark;
  std::string in;     ///< As given.
  std::string model;  ///< Id of the model that writes.
  std::string judge;  ///< Id of the judge; empty: judge-free measures only.
  std::uint64_t seed = 0;
  bool as_published = false;
  std::string scale;  ///< How the documents are scaled; empty: not at all.
};

/// Writes the document of an item into a folder (generate.h), seeded by the context.
using Generate =
    std::function<Result<document::Document>(const RunContext&, const Item&, const std::filesystem::path& folder)>;

struct Evaluation {
  Setting setting;
  std::filesystem::path out;
  std::size_t concurrency = 1;  ///< Items in work at once.
  Generate generate;
  Judge judge;                                   ///< Not asked when `setting.judge` is empty.
  std::function<void(const Sample&)> on_sample;  ///< Told of each finished sample, one call at a time; may be empty.
};

/// Takes `out` for a new evaluation. With `resume`, an evaluation that is there goes on, and what it left open in the
/// setting (seed 0) is taken from it. Errors: kInvalidArgument when the folder is not empty, or holds an evaluation of
/// another benchmark, model, seed or scaling.
[[nodiscard]] Result<Setting> claim(const std::filesystem::path& out, Setting setting, bool resume);

/// Measures every item: writes its document unless it is there, asks the judge unless it has answered, and puts each
/// sample on record when it is done (sample.h), so that an interruption costs the items in work only. Then writes
/// results.json, report.html and the benchmark's own output. The value: all samples, in the order of the items; those
/// for which nothing could be written have an `error`. Errors: kCancelled, kTimeout; a folder that cannot be written.
[[nodiscard]] Result<std::vector<Sample>> evaluate(const RunContext& context, const Benchmark& benchmark,
                                                   const std::vector<Item>& items, const Evaluation& evaluation);

}  // namespace llmi::eval
