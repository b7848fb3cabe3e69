#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi replay RUN`: rebuilds a run's files from its answer, events and figures.
Run declare_replay(CLI::App& app);

}  // namespace llmi::app
