#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi tool code FILE.py|- --out FILE`: draws a plot in the sandbox. `app` is the subcommand `code` of `tool`.
Run declare_tool_code(CLI::App& app);

}  // namespace llmi::app
