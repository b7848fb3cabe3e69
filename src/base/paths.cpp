#include "base/paths.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

namespace llmi {
namespace {

namespace fs = std::filesystem;

fs::path xdg_folder(const char* variable, std::string_view below_home) {
  // The XDG specification: relative paths in these variables are invalid and to be ignored.
  if (const char* value = std::getenv(variable); value != nullptr && fs::path(value).is_absolute())
    return fs::path(value) / "llmi";
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr && *home != '\0' ? home : "/") / below_home / "llmi";
}

}  // namespace

fs::path executable_path() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

fs::path companion_program(std::string_view name) { return executable_path().parent_path() / name; }

fs::path dependencies_folder() { return executable_path().parent_path().parent_path().parent_path() / "deps"; }

fs::path prompts_folder() { return dependencies_folder().parent_path().parent_path() / "prompts"; }

fs::path config_folder() { return xdg_folder("XDG_CONFIG_HOME", ".config"); }
fs::path data_folder() { return xdg_folder("XDG_DATA_HOME", ".local/share"); }
fs::path cache_folder() { return xdg_folder("XDG_CACHE_HOME", ".cache"); }

}  // namespace llmi
