#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace llmi {

/// Length of the longest prefix of `bytes` that is valid UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF).
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view bytes) noexcept;

[[nodiscard]] inline bool is_valid_utf8(std::string_view bytes) noexcept {
  return valid_utf8_prefix(bytes) == bytes.size();
}

/// A copy in which every maximal invalid part (as the Unicode Standard, section 3.9, counts them) is one U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);

/// Appends a code point as UTF-8; surrogates and values above U+10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

/// Number of code points in valid UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

}  // namespace llmi
