#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi tool diffusion PROMPT`: paints one picture.
[[nodiscard]] Run declare_tool_diffusion(CLI::App& app);

}  // namespace llmi::app
