#pragma once

#include "command.h"

namespace llmi::app {

[[nodiscard]] Run declare_eval(CLI::App& app);

}  // namespace llmi::app
