#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi tool search QUERY [--out FILE] [--list]`: the search tool alone. `app` is the subcommand `search` of `tool`.
[[nodiscard]] Run declare_tool_search(CLI::App& app);

}  // namespace llmi::app
