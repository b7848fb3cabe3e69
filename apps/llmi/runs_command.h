#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi runs list|show|resume|remove`: what was written before.
Run declare_runs(CLI::App& app);

}  // namespace llmi::app
