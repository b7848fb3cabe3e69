#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "agent/session.h"
#include "command.h"
#include "run_flags.h"
#include "store/run_folder.h"

namespace llmi::app {

/// The session to run: agent::write or agent::render with its services. `folder`: of the run, empty in a dry run.
using Work = std::function<Result<agent::Report>(const RunContext&, const agent::Task&, const document::EventSink&,
                                                 const std::filesystem::path& folder)>;

/// What `write` and `render` have in common: reads the input pictures, claims the run folder and executes the work in
/// it, or prints the plan of a dry run.
[[nodiscard]] Result<int> execute_run(Program& program, const RunFlags& flags, const RunContext& context,
                                      agent::Task task, const Work& work);

/// What a run is to have in the end.
struct RunGoal {
  std::vector<std::string> formats;
  agent::FigureCount figures;
};

/// The session to run, with its task.
using Session = std::function<Result<agent::Report>(const RunContext&, const document::EventSink&)>;

/// Runs the session in the writer's folder, shows progress, writes the outputs, says where they are and what they lack,
/// and turns the report into the exit code. A folder that can no longer be written ends the session; what was finished
/// is kept. Errors: those of the session and the folder.
[[nodiscard]] Result<int> execute_in(const Program& program, const RunFlags& flags, const RunContext& context,
                                     store::RunWriter& writer, const RunGoal& goal, const Session& session);

}  // namespace llmi::app
