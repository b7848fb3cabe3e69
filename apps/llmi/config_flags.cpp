#include "config_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "config/options.h"

namespace llmi::app {

ConfigFlags::ConfigFlags(CLI::App& app, const std::vector<std::string_view>& keys)
    : texts_(std::make_shared<std::map<std::string, std::string, std::less<>>>()) {
  for (const std::string_view key : keys) {
    const config::Option* option = config::find_option(key);
    app.add_option(std::string(option->flag), (*texts_)[std::string(key)],
                   fmt::format("{} (default: {})", option->help, option->fallback.empty() ? "none" : option->fallback));
  }
}

Result<void> ConfigFlags::apply(config::Settings& settings) const {
  for (const auto& [key, text] : *texts_) {
    if (!text.empty()) LLMI_CHECK_OK(settings.set_flag(key, text));
  }
  return {};
}

}  // namespace llmi::app
