#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi doctor`: what works on this machine, what does not, and the command that fixes it.
Run declare_doctor(CLI::App& app);

}  // namespace llmi::app
