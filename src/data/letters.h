#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace llmi::data {

/// The code point at byte `at` of valid UTF-8, and how many bytes it takes.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
};
[[nodiscard]] CodePoint code_point_at(std::string_view text, std::size_t at);

/// A letter or digit of Latin, Greek, Cyrillic and their neighbours: scripts that put spaces between words.
[[nodiscard]] bool is_letter(char32_t value);
/// A sign of a script without spaces (Han, kana, Hangul), which counts as a word of its own.
[[nodiscard]] bool is_ideograph(char32_t value);
/// Lower case of Latin, Greek and Cyrillic letters; everything else unchanged.
[[nodiscard]] char32_t lower(char32_t value);
[[nodiscard]] std::string lower(std::string_view text);

/// The words of a text in lower case, without punctuation. Every ideograph is a word; every digit becomes '0', so that
/// texts that differ only in their numbers have the same words.
[[nodiscard]] std::vector<std::string> words(std::string_view text);

}  // namespace llmi::data
