#pragma once

#include <filesystem>
#include <span>

#include "base/error.h"
#include "eval/benchmark.h"
#include "eval/evaluation.h"

namespace llmi::eval {

/// report.html: the summary, then every sample with its prompt, its document, its pictures and its marks. It refers to
/// the pictures in runs/, so it is read where it lies; text from models is data (render/render.h).
[[nodiscard]] Result<void> write_report(const Benchmark& benchmark, const Setting& setting,
                                        std::span<const Sample> samples, std::span<const Finished> finished,
                                        const std::filesystem::path& out);

}  // namespace llmi::eval
