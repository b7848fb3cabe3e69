#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "command.h"
#include "tools/tool.h"

namespace llmi::app {

/// Says what a tool made: the picture to `out` (empty: nowhere), the facts to standard output; exit code 0, or 4 for a fault,
/// in which case nothing is left at `out`. `extra`: more members for the JSON object, as JSON text ("" for none).
[[nodiscard]] Result<int> report_tool_outcome(const Program& program, const tools::Outcome& outcome,
                                              const std::filesystem::path& out, std::chrono::milliseconds duration,
                                              const std::string& extra = "");

}  // namespace llmi::app
