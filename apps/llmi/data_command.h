#pragma once

#include "command.h"

namespace llmi::app {

/// llmi data make | check
[[nodiscard]] Run declare_data(CLI::App& app);

}  // namespace llmi::app
