#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tag/recovery.h"

namespace llmi::tag {

struct Value;
struct Member;
struct Null {
  bool operator==(const Null&) const = default;
};
/// A number as it is written; JSON's grammar holds.
struct Number {
  std::string digits;
  bool operator==(const Number&) const = default;
};
using List = std::vector<Value>;
using Dict = std::vector<Member>;  ///< In the order of the text, repeated keys included.

/// What a tag body says, before anyone asks whether it makes sense.
struct Value {
  std::variant<Null, bool, Number, std::string, List, Dict> data;
  bool operator==(const Value&) const = default;
};
struct Member {
  std::string key;
  Value value;
  bool operator==(const Member&) const = default;
};

/// Why a text is not a literal.
struct LiteralError {
  std::size_t at = 0;  ///< Byte of the text.
  std::string message;
};

struct Literal {
  Value value;
  RuleSet rules;  ///< Recoveries that were needed.
};

inline constexpr std::size_t kMaxLiteralDepth = 16;

/// Reads a dict as JSON or as a Python literal; white space around it is allowed. `text` is valid UTF-8 without NUL.
/// Every quote has to be escaped where its kind delimits the string. Linear in the text.
[[nodiscard]] std::expected<Literal, LiteralError> read_literal(std::string_view text);

/// What a word without quotes means: a number, true, false or null in either language; empty for anything else.
[[nodiscard]] std::optional<Value> read_word(std::string_view word, RuleSet& rules);

/// Characters of such words.
[[nodiscard]] constexpr bool is_word(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
         c == '+' || c == '-';
}

/// Space, tab, line feed, carriage return, form feed, vertical tab.
[[nodiscard]] constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

}  // namespace llmi::tag
