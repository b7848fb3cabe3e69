#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/options.h"

namespace llmi::config {

/// Where an effective value comes from.
enum class Origin : std::uint8_t { kDefault, kFile, kEnvironment, kFlag };

/// The effective configuration: the table of options (options.cpp) with the values of config.toml, the environment and
/// the flags laid over its defaults, in this order. Everything is checked on loading, so the getters cannot fail for a
/// key of the table; another key or another type is a broken invariant (throws std::logic_error). Immutable after
/// set_flag.
class Settings {
 public:
  /// Reads `file` (absent: nothing) and `environment` (like environ; unknown LLMI_ variables are errors, LLMI_TEST_ is
  /// free). Errors: kInvalidConfig naming file, line and key, or the variable.
  [[nodiscard]] static Result<Settings> load(const std::filesystem::path& file, char** environment);

  /// Lays a flag's text over the value of `key`, checked like any other. Errors: kInvalidArgument naming the flag.
  [[nodiscard]] Result<void> set_flag(std::string_view key, std::string_view text);

  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view key) const;
  [[nodiscard]] double number(std::string_view key) const;
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view key) const;
  [[nodiscard]] std::uint64_t size(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
  [[nodiscard]] Origin origin(std::string_view key) const;
  /// "default", "…/config.toml:12", the variable's or the flag's name.
  [[nodiscard]] std::string place(std::string_view key) const;
  /// Every key that has a value, in the order of the table; named tables only as far as they are set.
  [[nodiscard]] std::vector<std::string> keys() const;
  /// The names used under a table of named tables, sorted: names("servers") with [servers.a] and [servers.b].
  [[nodiscard]] std::vector<std::string> names(std::string_view table) const;

 private:
  struct Value {
    std::string text;  ///< Canonical text form; lists comma-separated.
    Origin origin = Origin::kDefault;
    std::string place;
  };
  [[nodiscard]] static Value default_of(const Option& option);
  [[nodiscard]] Value at(std::string_view key) const;

  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace llmi::config
