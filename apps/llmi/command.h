#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string_view>

#include "base/error.h"
#include "config/settings.h"

namespace CLI {
class App;
}

namespace llmi::app {

/// What every command works with.
struct Program {
  config::Settings settings;
  std::stop_token stop;  ///< Requested by the first SIGINT or SIGTERM.
  bool json = false;     ///< --json: one JSON object or NDJSON events on stdout, nothing else there.
};

/// Runs the parsed command; the value is the exit code.
using Run = std::function<Result<int>(Program&)>;

/// A command of the command line. `declare` adds arguments and flags to `app` and returns what runs once they are
/// parsed; the closure owns the parsed values.
struct Command {
  std::string_view name;
  std::string_view help;
  Run (*declare)(CLI::App& app);
};

/// All commands, in the order of the help text.
[[nodiscard]] std::span<const Command> commands();

/// Declares the parts of a command that is nothing without one of them ("tool code"); returns what runs the chosen one.
[[nodiscard]] Run declare_parts(CLI::App& app, std::span<const Command> parts);

}  // namespace llmi::app
