#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi models list|path NAME`: the models llmi knows by name.
Run declare_models(CLI::App& app);

}  // namespace llmi::app
