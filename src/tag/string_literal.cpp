#include "tag/string_literal.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "tag/byte_scan.h"

namespace llmi::tag {
namespace {

std::optional<unsigned> digit_value(char c, unsigned base) {
  unsigned value = 99;
  if (c >= '0' && c <= '9') value = static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') value = static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') value = static_cast<unsigned>(c - 'A') + 10;
  if (value >= base) return std::nullopt;
  return value;
}

bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

/// Escapes that mean one character and are the same in both languages, but for \' \a \v, which only Python has.
std::optional<char> simple_escape(char c) {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'a': return '\a';
    case 'v': return '\v';
    case '\\': return '\\';
    case '"': return '"';
    case '\'': return '\'';
    default: return std::nullopt;
  }
}

class Decoder {
 public:
  Decoder(std::string_view text, const StringStart& start, std::size_t end, RuleSet& rules)
      : text_(text.substr(0, end)), start_(start), rules_(rules), at_(start.content) {}

  std::expected<std::string, LiteralError> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && !start_.raw) {
        if (!escape()) return std::unexpected(std::move(error_));
      } else {
        plain(c);
      }
    }
    return std::move(out_);
  }

 private:
  void plain(char c) {
    if (static_cast<unsigned char>(c) >= 0x20) {
      std::size_t end = at_ + 1;
      while (end < text_.size() && static_cast<unsigned char>(text_[end]) >= 0x20 && text_[end] != '\\') ++end;
      out_.append(text_, at_, end - at_);
      at_ = end;
      return;
    }
    ++at_;
    if (c == '\n' || c == '\r') {
      if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
      if (start_.quotes == 1) rules_.add(Rule::kRawNewline);
      out_ += '\n';
      return;
    }
    rules_.add(Rule::kRawControl);
    out_ += c;
  }

  bool escape() {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (const auto simple = simple_escape(c)) {
      if (c == '\'' || c == 'a' || c == 'v') rules_.add(Rule::kPython);
      out_ += *simple;
      at_ += 2;
      return true;
    }
    if (c == '/' && start_.quote == '"') {
      out_ += '/';
      at_ += 2;
      return true;
    }
    if (c == '\n' || c == '\r') return continued_line();
    if (c == 'u') return unicode(4);
    if (c == 'x' || c == 'U') {
      rules_.add(Rule::kPython);
      return unicode(c == 'x' ? 2 : 8);
    }
    if (c >= '0' && c <= '7') return octal();
    if (c == 'N' && at_ + 2 < text_.size() && text_[at_ + 2] == '{')
      return wrong("\\N{…} names are not read; write the character itself");
    rules_.add(Rule::kStrayBackslash);
    out_ += '\\';
    ++at_;
    return true;
  }

  bool continued_line() {
    rules_.add(Rule::kPython);
    at_ += text_.substr(at_ + 1, 2) == "\r\n" ? 3U : 2U;
    return true;
  }

  bool octal() {
    rules_.add(Rule::kPython);
    char32_t value = 0;
    std::size_t next = at_ + 1;
    while (next < text_.size() && next < at_ + 4) {
      const auto digit = digit_value(text_[next], 8);
      if (!digit) break;
      value = value * 8 + *digit;
      ++next;
    }
    return code_point(value, next);
  }

  std::optional<char32_t> hex(std::size_t from, std::size_t digits) const {
    if (from + digits > text_.size()) return std::nullopt;
    char32_t value = 0;
    for (std::size_t i = from; i < from + digits; ++i) {
      const auto digit = digit_value(text_[i], 16);
      if (!digit) return std::nullopt;
      value = value * 16 + *digit;
    }
    return value;
  }

  bool unicode(std::size_t digits) {
    const auto value = hex(at_ + 2, digits);
    if (!value || *value > 0x10FFFF)
      return wrong(fmt::format("\\{} needs {} hexadecimal digits of a character; write \\\\{} for a backslash",
                               text_[at_ + 1], digits, text_[at_ + 1]));
    const std::size_t next = at_ + 2 + digits;
    if (*value >= 0xD800 && *value <= 0xDBFF && text_.substr(next, 2) == "\\u") {
      const auto low = hex(next + 2, 4);
      if (low && *low >= 0xDC00 && *low <= 0xDFFF)
        return code_point(0x10000 + ((*value - 0xD800) << 10U) + (*low - 0xDC00), next + 6);
    }
    return code_point(*value, next);
  }

  bool code_point(char32_t value, std::size_t next) {
    if (value == 0) return wrong("a tag cannot hold the character NUL");
    if (is_surrogate(value)) rules_.add(Rule::kUtf8);
    append_utf8(out_, value);
    at_ = next;
    return true;
  }

  bool wrong(std::string message) {
    error_ = {at_, std::move(message)};
    return false;
  }

  std::string_view text_;
  const StringStart& start_;
  RuleSet& rules_;
  std::size_t at_;
  std::string out_;
  LiteralError error_;
};

}  // namespace

std::optional<StringStart> string_start(std::string_view text, std::size_t at) noexcept {
  StringStart start;
  std::size_t quote_at = at;
  if (at < text.size() && std::string_view("rRuU").find(text[at]) != std::string_view::npos) {
    start.prefixed = true;
    start.raw = text[at] == 'r' || text[at] == 'R';
    ++quote_at;
  }
  if (quote_at >= text.size() || (text[quote_at] != '"' && text[quote_at] != '\'')) return std::nullopt;
  start.quote = text[quote_at];
  const bool triple = quote_at + 2 < text.size() && text[quote_at + 1] == start.quote && text[quote_at + 2] == start.quote;
  start.quotes = triple ? 3 : 1;
  start.content = quote_at + start.quotes;
  return start;
}

bool is_delimiter(std::string_view text, std::size_t at, const StringStart& start) noexcept {
  if (at + start.quotes > text.size()) return false;
  for (std::size_t i = 0; i < start.quotes; ++i) {
    if (text[at + i] != start.quote) return false;
  }
  return true;
}

std::size_t string_end(std::string_view text, const StringStart& start) noexcept {
  for (std::size_t at = find_string_special(text, start.content); at < text.size();) {
    if (is_delimiter(text, at, start)) return at;
    at = find_string_special(text, at + (text[at] == '\\' ? 2U : 1U));
  }
  return std::string_view::npos;
}

std::expected<std::string, LiteralError> decode_string(std::string_view text, const StringStart& start, std::size_t end,
                                                       RuleSet& rules) {
  if (start.quote != '"' || start.quotes == 3 || start.prefixed) rules.add(Rule::kPython);
  return Decoder(text, start, end, rules).run();
}

}  // namespace llmi::tag
