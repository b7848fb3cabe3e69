#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/settings.h"

namespace CLI {
class App;
}

namespace llmi::app {

/// Flags of a command that override options of the configuration table. The parsed texts live in the object that
/// add_config_flags returns; apply them when the command runs.
class ConfigFlags {
 public:
  /// Adds to `app` the flag of each named option, with the table's help.
  ConfigFlags(CLI::App& app, const std::vector<std::string_view>& keys);

  /// Lays the given flags over `settings`. Errors: kInvalidArgument naming the flag.
  [[nodiscard]] Result<void> apply(config::Settings& settings) const;

 private:
  // Behind a pointer, so that CLI11's bindings stay valid when this object moves.
  std::shared_ptr<std::map<std::string, std::string, std::less<>>> texts_;
};

}  // namespace llmi::app
