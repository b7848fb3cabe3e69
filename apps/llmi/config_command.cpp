#include "config_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/paths.h"
#include "config/options.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

void print_json(const config::Settings& settings) {
  Json rows = Json::array();
  for (const config::Option& option : config::options()) {
    rows.push_back({{"key", option.key},
                    {"value", settings.text(option.key)},
                    {"origin", settings.place(option.key)},
                    {"environment", config::environment_name(option)},
                    {"help", option.help}});
  }
  fmt::print("{}\n", Json{{"file", (config_folder() / "config.toml").string()}, {"options", rows}}.dump());
}

void print_lines(const config::Settings& settings) {
  fmt::print("# {}\n", (config_folder() / "config.toml").string());
  for (const config::Option& option : config::options()) {
    const std::string value = settings.text(option.key);
    fmt::print("{:<22} {:<24} {:<12} {}\n", option.key, value.empty() ? "-" : value, settings.place(option.key),
               option.help);
  }
}

}  // namespace

Run declare_config(CLI::App&) {
  return [](Program& program) -> Result<int> {
    program.json ? print_json(program.settings) : print_lines(program.settings);
    return 0;
  };
}

}  // namespace llmi::app
