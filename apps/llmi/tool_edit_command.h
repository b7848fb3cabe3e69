#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi tool edit PICTURE INSTRUCTION --out FILE`: changes a picture. `app` is the subcommand `edit` of `tool`.
Run declare_tool_edit(CLI::App& app);

}  // namespace llmi::app
