#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi runs resume RUN`: goes on with a run that did not come to its end.
Run declare_runs_resume(CLI::App& app);

}  // namespace llmi::app
