#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "agent/session.h"
#include "config/settings.h"
#include "net/network.h"
#include "scaling/scaling.h"

namespace llmi::app {

/// Whether [scale] asks for more than one plain pass.
[[nodiscard]] bool scaling_is_on(const config::Settings& settings);

/// What a scaled run needs besides a plain one.
struct ScaledRun {
  const config::Settings& settings;
  net::Network& network;                              ///< The judges are reached over it.
  std::filesystem::path folder;                       ///< Gets scale.json; empty: the report is not kept.
  std::function<void(const std::string&)> tell = {};  ///< Gets a line for a person at each step; may be empty.
};

/// agent::write with the stages of [scale] and the judges of [reward]. Errors: as agent::write; kNotFound for a judge
/// that is no model.
[[nodiscard]] Result<scaling::Scaled> write_scaled(const ScaledRun& run, const RunContext& context,
                                                   const agent::Services& services, const agent::Task& task,
                                                   const document::EventSink& sink);

}  // namespace llmi::app
