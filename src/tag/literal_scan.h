#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tag/literal.h"

namespace llmi::tag {

/// Follows a literal byte by byte, only to know whether a place lies inside one of its strings and when it is whole. What
/// read_literal accepts, this calls whole; escapes are not checked. Once broken it stays broken.
class LiteralScan {
 public:
  void step(char c);

  /// For speed: inside a string, where only quotes and backslashes mean something. pass() goes over at least one byte
  /// that is neither.
  [[nodiscard]] bool in_plain_text() const { return lex_ == Lex::kString && !escaped_; }
  void pass() { quotes_seen_ = 0; }

  [[nodiscard]] bool broken() const { return lex_ == Lex::kBroken; }
  [[nodiscard]] bool whole() const { return lex_ == Lex::kBetween && expect_ == Expect::kNothing; }

 private:
  enum class Lex : std::uint8_t { kBetween, kWord, kOpening, kString, kBroken };
  enum class Expect : std::uint8_t { kDict, kKey, kKeyOrEnd, kColon, kValue, kValueOrEnd, kCommaOrEnd, kNothing };

  void between(char c);
  void word(char c);
  void in_string(char c);
  void open_string(char quote);
  void close_string();
  void open(char bracket);
  void close(char bracket);
  void value_done();
  void fail() { lex_ = Lex::kBroken; }
  [[nodiscard]] bool takes_string() const;
  [[nodiscard]] bool takes_value() const { return expect_ == Expect::kValue || expect_ == Expect::kValueOrEnd; }
  [[nodiscard]] std::string_view word_so_far() const { return {word_.data(), word_length_}; }

  Lex lex_ = Lex::kBetween;
  Expect expect_ = Expect::kDict;
  std::array<char, kMaxLiteralDepth + 1> stack_{};
  std::size_t depth_ = 0;
  bool after_string_ = false;  ///< The last token was a string: another may follow after white space.
  bool space_seen_ = false;    ///< Since that string.
  char quote_ = 0;
  bool triple_ = false;
  bool escaped_ = false;
  std::uint8_t quotes_seen_ = 0;  ///< Opening quotes, or closing ones of a triple.
  std::array<char, 8> word_{};    ///< First characters of a word: enough to tell the constants.
  std::size_t word_length_ = 0;
  bool number_ = false;  ///< The word began like a number.
};

}  // namespace llmi::tag
