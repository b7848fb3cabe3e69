#pragma once

#include "command.h"

namespace llmi::app {

/// llmi serve --reward
[[nodiscard]] Run declare_serve(CLI::App& app);

}  // namespace llmi::app
