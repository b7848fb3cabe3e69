#pragma once

#include "command.h"

namespace llmi::app {

/// llmi judge calibrate
[[nodiscard]] Run declare_judge(CLI::App& app);

}  // namespace llmi::app
