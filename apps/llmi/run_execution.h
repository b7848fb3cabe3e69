#pragma once

#include <functional>

#include "agent/session.h"
#include "command.h"
#include "run_flags.h"

namespace llmi::app {

/// The session to run: agent::write or agent::render with its services.
using Work = std::function<Result<agent::Report>(const RunContext&, agent::Task&, const document::EventSink&)>;

/// What `write` and `render` have in common: reads the input pictures, claims the run folder, shows progress, runs the
/// work, writes the outputs, says where they are, and turns the report into the exit code.
[[nodiscard]] Result<int> execute_run(Program& program, const RunFlags& flags, const RunContext& context,
                                      agent::Task task, const Work& work);

}  // namespace llmi::app
