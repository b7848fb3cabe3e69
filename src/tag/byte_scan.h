#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace llmi::tag {

/// Position of the first line feed, carriage return, backtick or `<` from `at` on, or the text's size.
[[nodiscard]] std::size_t find_meaningful(std::string_view text, std::size_t at) noexcept;

/// Position of the first line feed or carriage return from `at` on, or the text's size.
[[nodiscard]] std::size_t find_line_end(std::string_view text, std::size_t at) noexcept;

/// Position of the first quote of either kind, backslash or `<` from `at` on, or the text's size.
[[nodiscard]] std::size_t find_string_special(std::string_view text, std::size_t at) noexcept;

/// Like llmi::is_valid_utf8, several times as fast.
[[nodiscard]] bool is_clean(std::string_view bytes) noexcept;

/// A copy of `bytes` in which every maximal invalid part is one U+FFFD; fast when there is none.
[[nodiscard]] std::string clean_copy(std::string_view bytes);

/// Length of a character at the end of `bytes` that more bytes may complete; 0 if there is none.
[[nodiscard]] std::size_t unfinished_character(std::string_view bytes) noexcept;

}  // namespace llmi::tag
