#pragma once

#include <filesystem>
#include <span>

#include "base/error.h"
#include "eval/benchmark.h"
#include "eval/evaluation.h"

namespace llmi::eval {

/// results.json: the setting, how many samples were written, judged and failed, the headline numbers, and every measure
/// with its interval and what is missing, over all samples and by group (docs/eval.md).
[[nodiscard]] Result<void> write_results(const Benchmark& benchmark, const Setting& setting,
                                         std::span<const Sample> samples, const std::filesystem::path& out);

}  // namespace llmi::eval
