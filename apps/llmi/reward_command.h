#pragma once

#include "command.h"

namespace llmi::app {

/// llmi reward
[[nodiscard]] Run declare_reward(CLI::App& app);

}  // namespace llmi::app
