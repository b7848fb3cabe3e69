#pragma once

#include "command.h"

namespace llmi::app {

/// `llmi write PROMPT`: a document from a prompt.
Run declare_write(CLI::App& app);
/// `llmi render ANSWER`: runs the tags of a text that any model wrote.
Run declare_render(CLI::App& app);

}  // namespace llmi::app
