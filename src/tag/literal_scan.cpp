#include "tag/literal_scan.h"

#include <algorithm>

namespace llmi::tag {
namespace {

constexpr std::array<std::string_view, 6> kConstants{"true", "false", "null", "True", "False", "None"};
constexpr std::string_view kPrefixes = "rRuU";

}  // namespace

void LiteralScan::step(char c) {
  switch (lex_) {
    case Lex::kBetween:
      return between(c);
    case Lex::kWord:
      return word(c);
    case Lex::kOpening:
    case Lex::kString:
      return in_string(c);
    case Lex::kBroken:
      return;
  }
}

bool LiteralScan::takes_string() const {
  if (after_string_) return space_seen_;
  return takes_value() || expect_ == Expect::kKey || expect_ == Expect::kKeyOrEnd;
}

void LiteralScan::between(char c) {
  if (is_space(c)) {
    space_seen_ = true;
    return;
  }
  if (c == '"' || c == '\'') return takes_string() ? open_string(c) : fail();
  if (is_word(c)) {
    const bool prefix = kPrefixes.find(c) != std::string_view::npos;
    if (!(prefix && takes_string()) && (after_string_ || !takes_value())) return fail();
    lex_ = Lex::kWord;
    word_length_ = 0;
    number_ = c == '-' || (c >= '0' && c <= '9');
    return word(c);
  }
  if (c == '{' || c == '[') return open(c);
  if (c == '}' || c == ']') return close(c);
  if (c == ':' && expect_ == Expect::kColon) {
    expect_ = Expect::kValue;
  } else if (c == ',' && expect_ == Expect::kCommaOrEnd) {
    expect_ = stack_[depth_ - 1] == '{' ? Expect::kKeyOrEnd : Expect::kValueOrEnd;
  } else {
    return fail();
  }
  after_string_ = false;
}

void LiteralScan::word(char c) {
  if (is_word(c)) {
    if (word_length_ < word_.size()) word_[word_length_++] = c;
    const auto begins = [&](std::string_view constant) { return constant.starts_with(word_so_far()); };
    const bool prefix = word_length_ == 1 && kPrefixes.find(c) != std::string_view::npos;
    if (!number_ && !prefix && std::ranges::none_of(kConstants, begins)) fail();
    return;
  }
  if ((c == '"' || c == '\'') && word_length_ == 1 && kPrefixes.find(word_[0]) != std::string_view::npos)
    return open_string(c);
  const bool constant = std::ranges::find(kConstants, word_so_far()) != kConstants.end();
  if (after_string_ || !takes_value() || !(number_ || constant)) return fail();
  value_done();
  between(c);
}

void LiteralScan::open_string(char quote) {
  lex_ = Lex::kOpening;
  quote_ = quote;
  triple_ = false;
  escaped_ = false;
  quotes_seen_ = 1;
}

void LiteralScan::in_string(char c) {
  if (lex_ == Lex::kOpening) {
    if (c == quote_) {
      triple_ = quotes_seen_ == 2;
      quotes_seen_ = triple_ ? 0 : 2;
      if (triple_) lex_ = Lex::kString;
      return;
    }
    lex_ = Lex::kString;
    const bool empty = quotes_seen_ == 2;
    quotes_seen_ = 0;
    if (empty) {
      close_string();
      return between(c);
    }
  }
  if (escaped_) {
    escaped_ = false;
  } else if (c == quote_) {
    if (++quotes_seen_ == (triple_ ? 3 : 1)) close_string();
    return;
  } else if (c == '\\') {
    escaped_ = true;
  }
  quotes_seen_ = 0;
}

void LiteralScan::close_string() {
  if (!after_string_) expect_ = takes_value() ? Expect::kCommaOrEnd : Expect::kColon;
  lex_ = Lex::kBetween;
  after_string_ = true;
  space_seen_ = false;
}

void LiteralScan::open(char bracket) {
  const bool fits = expect_ == Expect::kDict ? bracket == '{' : !after_string_ && takes_value();
  if (!fits || depth_ == stack_.size()) return fail();
  stack_[depth_++] = bracket;
  expect_ = bracket == '{' ? Expect::kKeyOrEnd : Expect::kValueOrEnd;
}

void LiteralScan::close(char bracket) {
  const bool ends =
      expect_ == Expect::kCommaOrEnd || expect_ == (bracket == '}' ? Expect::kKeyOrEnd : Expect::kValueOrEnd);
  if (!ends || depth_ == 0 || stack_[depth_ - 1] != (bracket == '}' ? '{' : '[')) return fail();
  --depth_;
  value_done();
}

void LiteralScan::value_done() {
  lex_ = Lex::kBetween;
  after_string_ = false;
  expect_ = depth_ == 0 ? Expect::kNothing : Expect::kCommaOrEnd;
}

}  // namespace llmi::tag
