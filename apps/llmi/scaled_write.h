#pragma once

#include <filesystem>

#include "agent/session.h"
#include "command.h"
#include "net/network.h"

namespace llmi::app {

/// Whether [scale] asks for more than one plain pass.
[[nodiscard]] bool scaling_is_on(const config::Settings& settings);

/// What a scaled run needs besides a plain one.
struct ScaledRun {
  const Program& program;
  net::Network& network;         ///< The judges are reached over it.
  std::filesystem::path folder;  ///< Gets scale.json; empty in a dry run.
};

/// agent::write with the stages of [scale] and the judges of [reward]. The report of the stages goes to standard error
/// as a table, with --json to standard output as one object. Errors: as agent::write; kNotFound for a judge that is no
/// model.
[[nodiscard]] Result<agent::Report> write_scaled(const ScaledRun& run, const RunContext& context,
                                                 const agent::Services& services, const agent::Task& task,
                                                 const document::EventSink& sink);

}  // namespace llmi::app
