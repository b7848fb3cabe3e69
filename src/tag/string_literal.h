#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "tag/literal.h"
#include "tag/recovery.h"

namespace llmi::tag {

/// How a string begins: its prefix and quotes.
struct StringStart {
  char quote = '"';
  bool raw = false;
  bool prefixed = false;
  std::size_t quotes = 1;   ///< Length of the delimiter: 1 or 3.
  std::size_t content = 0;  ///< Where the content begins.
};

/// The string that begins at `at`, if one does: a quote, or r or u before a quote.
[[nodiscard]] std::optional<StringStart> string_start(std::string_view text, std::size_t at) noexcept;

/// Position of the delimiter that ends the string when every quote of its kind is escaped; npos without one.
[[nodiscard]] std::size_t string_end(std::string_view text, const StringStart& start) noexcept;

/// Whether a delimiter of the string stands at `at`.
[[nodiscard]] bool is_delimiter(std::string_view text, std::size_t at, const StringStart& start) noexcept;

/// What the characters [start.content, end) of `text` mean. Adds the recoveries they need.
[[nodiscard]] std::expected<std::string, LiteralError> decode_string(std::string_view text, const StringStart& start,
                                                                     std::size_t end, RuleSet& rules);

}  // namespace llmi::tag
