#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi config`: the effective configuration with the origin of each value.
Run declare_config(CLI::App& app);

}  // namespace llmi::app
