#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <string>

#include "base/error.h"
#include "command.h"
#include "toolbox.h"
#include "tools/tool.h"

namespace llmi::app {

/// Says what a tool made: the picture to `out` (empty: nowhere), the facts to standard output; exit code 0, or 4 for a
/// fault, in which case nothing is left at `out`. `extra`: more members for the JSON object, as JSON text ("" for
/// none).
[[nodiscard]] Result<int> report_tool_outcome(const Program& program, const tools::Outcome& outcome,
                                              const std::filesystem::path& out, std::chrono::milliseconds duration,
                                              const std::string& extra = "");

/// The request for a tool, or the fault that keeps it from being made. An error ends the command.
using MakeRequest = std::function<Result<std::expected<tools::Request, Fault>>(const RunContext&)>;

/// Runs one tool and reports as report_tool_outcome. Errors: kUnavailable where the tool cannot be used here.
[[nodiscard]] Result<int> run_tool(const Program& program, ToolMaker make, const MakeRequest& request,
                                   const std::filesystem::path& out, std::uint64_t seed = 0);

}  // namespace llmi::app
