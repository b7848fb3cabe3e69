#include "tag/literal.h"

#include <fmt/format.h>

#include <utility>

#include "tag/string_literal.h"

namespace llmi::tag {
namespace {

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

/// JSON's grammar of numbers.
bool is_number(std::string_view word) {
  std::size_t at = word.starts_with('-') ? 1 : 0;
  const std::size_t whole = at;
  at = skip_digits(word, at);
  if (at == whole || (word[whole] == '0' && at > whole + 1)) return false;
  if (at < word.size() && word[at] == '.') {
    const std::size_t fraction = at + 1;
    at = skip_digits(word, fraction);
    if (at == fraction) return false;
  }
  if (at < word.size() && (word[at] == 'e' || word[at] == 'E')) {
    ++at;
    if (at < word.size() && (word[at] == '+' || word[at] == '-')) ++at;
    const std::size_t exponent = at;
    at = skip_digits(word, exponent);
    if (at == exponent) return false;
  }
  return at == word.size();
}

constexpr std::string_view kLeftCurly = "\u201c";
constexpr std::string_view kRightCurly = "\u201d";
constexpr std::string_view kLeftSingleCurly = "\u2018";
constexpr std::string_view kRightSingleCurly = "\u2019";

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::expected<Literal, LiteralError> run() {
    skip_spaces();
    if (peek() != '{') return std::unexpected(LiteralError{at_, "the body has to be a dict in braces"});
    Literal literal;
    if (!value(literal.value, 0)) return std::unexpected(std::move(error_));
    skip_spaces();
    if (at_ < text_.size()) return std::unexpected(LiteralError{at_, "nothing may follow the closing brace"});
    literal.rules = rules_;
    return literal;
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool wrong(std::string message) { return wrong_at(at_, std::move(message)); }
  bool wrong_at(std::size_t at, std::string message) {
    error_ = {at, std::move(message)};
    return false;
  }
  bool expected(std::string_view what) {
    if (at_ >= text_.size()) return wrong(fmt::format("the body ends too early: expected {}", what));
    for (const auto curly : {kLeftCurly, kRightCurly, kLeftSingleCurly, kRightSingleCurly}) {
      if (text_.substr(at_).starts_with(curly)) return wrong("curly quotes delimit no string; use straight ones");
    }
    return wrong(fmt::format("expected {}", what));
  }

  bool value(Value& out, std::size_t depth) {
    if (depth > kMaxLiteralDepth) return wrong("the body is nested too deeply");
    if (peek() == '{') return dict(out.data.emplace<Dict>(), depth);
    if (peek() == '[') return list(out.data.emplace<List>(), depth);
    if (string_start(text_, at_)) return strings(out.data.emplace<std::string>());
    return word(out);
  }

  bool dict(Dict& out, std::size_t depth) {
    return sequence('}', "a comma or a closing brace", [&] {
      Member& member = out.emplace_back();
      if (!string_start(text_, at_)) return expected("a key in quotes");
      if (!strings(member.key)) return false;
      skip_spaces();
      if (peek() != ':') return expected("a colon after the key");
      ++at_;
      skip_spaces();
      return value(member.value, depth + 1);
    });
  }

  bool list(List& out, std::size_t depth) {
    return sequence(']', "a comma or a closing bracket", [&] { return value(out.emplace_back(), depth + 1); });
  }

  template <class Item>
  bool sequence(char close, std::string_view separator, const Item& item) {
    ++at_;
    skip_spaces();
    bool comma = false;
    while (peek() != close) {
      if (!item()) return false;
      skip_spaces();
      comma = peek() == ',';
      if (!comma && peek() != close) return expected(separator);
      if (comma) ++at_;
      skip_spaces();
    }
    if (comma) rules_.add(Rule::kTrailingComma);
    ++at_;
    return true;
  }

  /// One string, or several with white space between them.
  bool strings(std::string& out) {
    if (!string(out)) return false;
    for (;;) {
      const std::size_t after = at_;
      skip_spaces();
      if (!string_start(text_, at_)) return true;
      if (at_ == after) return wrong("a quote inside a string has to be escaped");
      rules_.add(Rule::kConcatenation);
      if (!string(out)) return false;
    }
  }

  bool string(std::string& out) {
    const StringStart start = *string_start(text_, at_);
    const std::size_t end = string_end(text_, start);
    if (end == std::string_view::npos) return wrong("the string that begins here never ends");
    auto content = decode_string(text_, start, end, rules_);
    if (!content) return wrong_at(content.error().at, std::move(content.error().message));
    out += *content;
    at_ = end + start.quotes;
    return true;
  }

  bool word(Value& out) {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    auto read = read_word(word, rules_);
    if (!read) return expected("a value: a string in quotes, a number, true, false, null, a dict or a list");
    out = *std::move(read);
    at_ = end;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  RuleSet rules_;
  LiteralError error_;
};

}  // namespace

std::optional<Value> read_word(std::string_view word, RuleSet& rules) {
  if (word == "True" || word == "False" || word == "None") rules.add(Rule::kPython);
  if (word == "true" || word == "True") return Value{true};
  if (word == "false" || word == "False") return Value{false};
  if (word == "null" || word == "None") return Value{Null{}};
  if (is_number(word)) return Value{Number{std::string(word)}};
  return std::nullopt;
}

std::expected<Literal, LiteralError> read_literal(std::string_view text) { return Reader(text).run(); }

}  // namespace llmi::tag
