#pragma once

#include "command.h"

namespace llmi::app {

/// llmi train: only in programs that are built with LLMI_WITH_TORCH.
[[nodiscard]] Run declare_train(CLI::App& app);

}  // namespace llmi::app
