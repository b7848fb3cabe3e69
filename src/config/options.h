#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace llmi::config {

enum class Type : std::uint8_t { kText, kFlag, kInteger, kNumber, kDuration, kSize, kList, kChoice };

/// One row of the table that TOML, environment, --help, `llmi config` and docs/configuration.md are made from.
struct Option {
  /// "code.timeout": table and key in config.toml; LLMI_CODE_TIMEOUT in the environment. A star stands for a name that
  /// the user chooses: "servers.*.url" is `url` under [servers.mine] and LLMI_SERVERS_MINE_URL.
  std::string_view key;
  Type type = Type::kText;
  std::string_view fallback;  ///< Default as it would be written; empty text: none.
  std::string_view help;      ///< One line.
  double minimum = 0;         ///< kInteger, kNumber, kDuration (ms), kSize (bytes).
  double maximum = 0;         ///< 0: no upper limit.
  std::string_view choices;   ///< kChoice, kList: allowed words, comma-separated; empty: any.
  std::string_view flag;      ///< The command line's flag for it, if it has one.
  std::string_view names;     ///< Keys with a star: what it may stand for, comma-separated; empty: any name.
};

[[nodiscard]] std::span<const Option> options();
/// The row of a key, "servers.mine.url" included; null when there is none.
[[nodiscard]] const Option* find_option(std::string_view key);
/// Whether `key` is a table of the configuration: "code", "servers", "servers.mine".
[[nodiscard]] bool is_table(std::string_view key);
/// The key with `name` in the place of the star.
[[nodiscard]] std::string with_name(const Option& option, std::string_view name);

/// "LLMI_CODE_TIMEOUT" for "code.timeout"; a star stays.
[[nodiscard]] std::string environment_name(const Option& option);
/// The key that an environment variable sets; names in it are lower case. Empty when there is none.
[[nodiscard]] std::optional<std::string> key_of_variable(std::string_view variable);

/// What a value of this option looks like, for messages: "a duration such as \"10s\"".
[[nodiscard]] std::string expected(const Option& option);

/// Checks `text` against type, range and choices; the value in canonical text, or a message saying what is wrong.
[[nodiscard]] std::expected<std::string, std::string> check(const Option& option, std::string_view text);

/// The known key closest to a mistyped one, if one is close.
[[nodiscard]] std::optional<std::string_view> closest_key(std::string_view key);

/// Splits a comma-separated list; white space around words goes, empty words too.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

}  // namespace llmi::config
