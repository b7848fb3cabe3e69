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
  std::string_view key;  ///< "code.timeout": table and key in config.toml; LLMI_CODE_TIMEOUT in the environment.
  Type type = Type::kText;
  std::string_view fallback;  ///< Default as it would be written; empty text: none.
  std::string_view help;      ///< One line.
  double minimum = 0;         ///< kInteger, kNumber, kDuration (ms), kSize (bytes).
  double maximum = 0;         ///< 0: no upper limit.
  std::string_view choices;   ///< kChoice, kList: allowed words, comma-separated; empty: any.
  std::string_view flag;      ///< The command line's flag for it, if it has one.
};

[[nodiscard]] std::span<const Option> options();
[[nodiscard]] const Option* find_option(std::string_view key);

/// "LLMI_CODE_TIMEOUT" for "code.timeout".
[[nodiscard]] std::string environment_name(const Option& option);

/// What a value of this option looks like, for messages: "a duration such as \"10s\"".
[[nodiscard]] std::string expected(const Option& option);

/// Checks `text` against type, range and choices; the value in canonical text, or a message saying what is wrong.
[[nodiscard]] std::expected<std::string, std::string> check(const Option& option, std::string_view text);

/// The known key closest to a mistyped one, if one is close.
[[nodiscard]] std::optional<std::string_view> closest_key(std::string_view key);

/// Splits a comma-separated list; white space around words goes, empty words too.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

}  // namespace llmi::config
