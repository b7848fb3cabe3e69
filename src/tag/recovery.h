#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace llmi::tag {

/// What may be wrong with a tag and still be read; docs/formats/tag.md has each rule with an example. The list is
/// closed, and its order is the order of reports.
enum class Rule : std::uint8_t {
  kUtf8,            ///< Invalid UTF-8 or half a surrogate pair became U+FFFD.
  kFence,           ///< The tag stood alone in a code fence.
  kPython,          ///< Python's way of writing: other quotes, prefixes, True, False, None, its escapes.
  kConcatenation,   ///< Strings with white space between them are one.
  kTrailingComma,   ///< A comma before a closing brace or bracket.
  kRawNewline,      ///< A line break inside a string.
  kRawControl,      ///< Another control character inside a string.
  kStrayBackslash,  ///< A backslash that begins no escape stays.
  kUnescapedQuote,  ///< Quotes of a string's own kind inside it.
};

[[nodiscard]] std::string_view name(Rule rule) noexcept;

/// The rules a tag needed.
class RuleSet {
 public:
  void add(Rule rule) { bits_ |= bit(rule); }
  void add(RuleSet other) { bits_ |= other.bits_; }
  [[nodiscard]] bool has(Rule rule) const { return (bits_ & bit(rule)) != 0; }
  /// In the order of the table.
  [[nodiscard]] std::vector<std::string> names() const;
  bool operator==(const RuleSet&) const = default;

 private:
  static std::uint32_t bit(Rule rule) { return 1U << static_cast<unsigned>(rule); }
  std::uint32_t bits_ = 0;
};

}  // namespace llmi::tag
