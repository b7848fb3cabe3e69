#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi eval battle DIR DIR…`.
[[nodiscard]] Run declare_battle(CLI::App& app);

}  // namespace llmi::app
