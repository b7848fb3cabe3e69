#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi parse ANSWER`: what an answer holds: text, tags, recoveries and faults. Runs nothing.
Run declare_parse(CLI::App& app);

}  // namespace llmi::app
