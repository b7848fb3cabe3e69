#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace llmi::tools::edit {

/// A word of an instruction. Words are in lower case; hyphens and apostrophes between letters part words
/// ("black-and-white" is three, "l'image" two), as do hyphens after a number ("20-pixel"), "&" is "and", "×" is "x";
/// other punctuation is a word of its own.
struct Token {
  enum class Kind : unsigned char { kWord, kNumber, kQuote };
  Kind kind = Kind::kWord;
  std::string text;       ///< kQuote: the content, as written.
  double number = 0;      ///< kNumber.
  std::size_t begin = 0;  ///< Bytes in the instruction.
  std::size_t end = 0;
};

/// Quotes of all kinds are understood: '…' "…" ‘…’ “…” „…“ «…» ‹…› 「…」. An opening quote without its end is a word.
[[nodiscard]] std::vector<Token> read_tokens(std::string_view instruction);

}  // namespace llmi::tools::edit
