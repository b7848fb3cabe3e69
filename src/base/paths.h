#pragma once

#include <filesystem>
#include <string_view>

namespace llmi {

/// The running program's own file.
[[nodiscard]] std::filesystem::path executable_path();

/// A companion program that is built and installed beside ours (e.g. "llmi-picture").
[[nodiscard]] std::filesystem::path companion_program(std::string_view name);

/// What set-up installed (pinned models and libraries): found from the program's place, so that HOME and XDG variables
/// play no part.
[[nodiscard]] std::filesystem::path dependencies_folder();

/// The prompts of the checkout that the program was built from, beside its build folder.
[[nodiscard]] std::filesystem::path prompts_folder();

/// $XDG_CONFIG_HOME/llmi, $XDG_DATA_HOME/llmi and $XDG_CACHE_HOME/llmi with the usual fallbacks below HOME.
[[nodiscard]] std::filesystem::path config_folder();
[[nodiscard]] std::filesystem::path data_folder();
[[nodiscard]] std::filesystem::path cache_folder();

}  // namespace llmi
