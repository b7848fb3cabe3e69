#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi corpus add|list|remove|search`: local picture collections.
[[nodiscard]] Run declare_corpus(CLI::App& app);

}  // namespace llmi::app
