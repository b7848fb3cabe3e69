#include "config_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/paths.h"
#include "config/options.h"
#include "config/reference.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

void print_json(const config::Settings& settings) {
  Json rows = Json::array();
  for (const std::string& key : settings.keys()) {
    const config::Option& option = *config::find_option(key);
    rows.push_back({{"key", key},
                    {"value", settings.text(key)},
                    {"origin", settings.place(key)},
                    {"environment", config::environment_name(option)},
                    {"help", option.help}});
  }
  fmt::print("{}\n", Json{{"file", (config_folder() / "config.toml").string()}, {"options", rows}}.dump());
}

void print_lines(const config::Settings& settings) {
  fmt::print("# {}\n", (config_folder() / "config.toml").string());
  for (const std::string& key : settings.keys()) {
    const std::string value = settings.text(key);
    fmt::print("{:<24} {:<24} {:<12} {}\n", key, value.empty() ? "-" : value, settings.place(key),
               config::find_option(key)->help);
  }
}

}  // namespace

Run declare_config(CLI::App& command) {
  auto reference = std::make_shared<bool>(false);
  command.add_flag("--reference", *reference, "the page of all options, in Markdown");
  return [reference](Program& program) -> Result<int> {
    if (*reference) {
      fmt::print("{}", config::reference_markdown());
      return 0;
    }
    program.json ? print_json(program.settings) : print_lines(program.settings);
    return 0;
  };
}

}  // namespace llmi::app
