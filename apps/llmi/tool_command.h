#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi tool search|code|edit …`: one tool alone.
Run declare_tool(CLI::App& app);

}  // namespace llmi::app
