#pragma once

#include <filesystem>

#include "agent/session.h"
#include "command.h"

namespace llmi::app {

/// Whether [scale] asks for more than one plain pass.
[[nodiscard]] bool scaling_is_on(const config::Settings& settings);

/// Where a scaled run goes.
struct ScaledOutput {
  const document::EventSink& sink;
  std::filesystem::path folder;  ///< Gets scale.json; empty in a dry run.
};

/// agent::write with the stages of [scale]. The report of the stages goes to standard error as a table, with --json to
/// standard output as one object. Errors: as agent::write.
[[nodiscard]] Result<agent::Report> write_scaled(const Program& program, const RunContext& context,
                                                 const agent::Services& services, const agent::Task& task,
                                                 const ScaledOutput& output);

}  // namespace llmi::app
