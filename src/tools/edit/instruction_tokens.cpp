#include "tools/edit/instruction_tokens.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace llmi::tools::edit {
namespace {

struct QuotePair {
  std::string_view open;
  std::string_view close;
};
constexpr std::array kQuotes{
    QuotePair{"\"", "\""}, QuotePair{"“", "”"}, QuotePair{"„", "“"}, QuotePair{"„", "”"},
    QuotePair{"«", "»"},   QuotePair{"»", "«"}, QuotePair{"‹", "›"}, QuotePair{"「", "」"},
    QuotePair{"‘", "’"},   QuotePair{"‚", "‘"}, QuotePair{"`", "`"}, QuotePair{"'", "'"},
};

struct Spelling {
  std::string_view from;
  std::string_view to;
};
// Characters that are written in several ways.
constexpr std::array kSpellings{Spelling{"×", " x "}, Spelling{"\xC2\xA0", " "}, Spelling{"\xE2\x80\xAF", " "},
                                Spelling{"–", "-"},   Spelling{"—", ","},        Spelling{"…", "."}};

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Lower case for ASCII and Latin-1, which covers the languages of the rules.
std::string lower(std::string_view text) {
  std::string result(text);
  for (std::size_t i = 0; i < result.size(); ++i) {
    auto c = static_cast<unsigned char>(result[i]);
    if (c >= 'A' && c <= 'Z') result[i] = static_cast<char>(c + 32);
    const bool latin = i > 0 && static_cast<unsigned char>(result[i - 1]) == 0xC3;
    if (latin && c >= 0x80 && c <= 0x9E && c != 0x97) result[i] = static_cast<char>(c + 32);
  }
  return result;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (!quote() && !spelling() && !number() && !word()) {
        punctuation();
      }
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char previous() const { return at_ == 0 ? ' ' : text_[at_ - 1]; }
  [[nodiscard]] char next(std::size_t offset) const { return at_ + offset < text_.size() ? text_[at_ + offset] : ' '; }

  void add(Token::Kind kind, std::string text, std::size_t length, double value = 0) {
    tokens_.push_back({.kind = kind, .text = std::move(text), .number = value, .begin = at_, .end = at_ + length});
    at_ += length;
  }

  /// Where the quotation ends; an apostrophe inside a word does not end it.
  [[nodiscard]] std::size_t closing(const QuotePair& pair) const {
    std::size_t end = text_.find(pair.close, at_ + pair.open.size());
    const bool apostrophe = pair.close == "'" || pair.close == "’";
    while (apostrophe && end != text_.npos && end + pair.close.size() < text_.size() &&
           is_letter(text_[end + pair.close.size()])) {
      end = text_.find(pair.close, end + pair.close.size());
    }
    return end;
  }

  bool quote() {
    for (const QuotePair& pair : kQuotes) {
      if (!text_.substr(at_).starts_with(pair.open)) continue;
      if (pair.open == "'" && (is_letter(previous()) || is_digit(previous()))) return false;
      const std::size_t end = closing(pair);
      if (end == text_.npos) continue;
      const std::size_t begin = at_ + pair.open.size();
      std::string_view content = text_.substr(begin, end - begin);
      // French sets spaces inside its quotation marks.
      while (content.starts_with(' ') || content.starts_with("\xC2\xA0"))
        content.remove_prefix(content.starts_with(' ') ? 1 : 2);
      while (content.ends_with(' ') || content.ends_with("\xC2\xA0"))
        content.remove_suffix(content.ends_with(' ') ? 1 : 2);
      add(Token::Kind::kQuote, std::string(content), end + pair.close.size() - at_);
      return true;
    }
    return false;
  }

  bool spelling() {
    for (const Spelling& spelling : kSpellings) {
      if (!text_.substr(at_).starts_with(spelling.from)) continue;
      const std::string_view meant = spelling.to;
      if (meant == " x ") {
        add(Token::Kind::kWord, "x", spelling.from.size());
      } else if (meant == "," || meant == ".") {
        add(Token::Kind::kWord, std::string(meant), spelling.from.size());
      } else {
        at_ += spelling.from.size();
      }
      return true;
    }
    if (text_.substr(at_).starts_with("°")) {
      add(Token::Kind::kWord, "°", 2);
      return true;
    }
    return false;
  }

  bool number() {
    const bool minus = text_[at_] == '-' && is_digit(next(1)) && !is_letter(previous()) && !is_digit(previous());
    if (!minus && !is_digit(text_[at_])) return false;
    std::size_t end = at_ + (minus ? 1 : 0);
    while (end < text_.size() && is_digit(text_[end])) ++end;
    // A decimal point or comma has a digit on both sides.
    if (end + 1 < text_.size() && (text_[end] == '.' || text_[end] == ',') && is_digit(text_[end + 1])) {
      ++end;
      while (end < text_.size() && is_digit(text_[end])) ++end;
    }
    std::string digits(text_.substr(at_, end - at_));
    std::ranges::replace(digits, ',', '.');
    if (digits.size() > 12) return false;
    const double value = std::stod(digits);
    add(Token::Kind::kNumber, std::move(digits), end - at_, value);
    return true;
  }

  bool word() {
    if (text_[at_] == '#' && is_hex_colour()) {
      add(Token::Kind::kWord, lower(text_.substr(at_, 7)), 7);
      return true;
    }
    std::size_t end = at_;
    while (end < text_.size() && is_letter(text_[end]) && !starts_special(end)) ++end;
    if (end == at_) return false;
    add(Token::Kind::kWord, lower(text_.substr(at_, end - at_)), end - at_);
    return true;
  }

  [[nodiscard]] bool is_hex_colour() const {
    if (at_ + 7 > text_.size()) return false;
    const std::string_view digits = text_.substr(at_ + 1, 6);
    return std::ranges::all_of(digits, [](unsigned char c) { return std::isxdigit(c) != 0; });
  }

  /// Whether something that is not a letter begins at `at`, though its first byte looks like one.
  [[nodiscard]] bool starts_special(std::size_t at) const {
    const std::string_view rest = text_.substr(at);
    if (rest.starts_with("°")) return true;
    for (const Spelling& spelling : kSpellings) {
      if (rest.starts_with(spelling.from)) return true;
    }
    return std::ranges::any_of(
        kQuotes, [&](const QuotePair& pair) { return rest.starts_with(pair.open) || rest.starts_with(pair.close); });
  }

  void punctuation() {
    const char c = text_[at_];
    const bool joins = c == '-' || c == '\'';
    const bool to_unit = c == '-' && is_digit(previous()) && is_letter(next(1));
    if (to_unit || (joins && is_letter(previous()))) {
      ++at_;
      return;
    }
    if (text_.substr(at_).starts_with("’")) {
      at_ += 3;
      return;
    }
    // Bytes of characters that are neither letters nor known: kept whole, so that they are never taken for nothing.
    std::size_t length = 1;
    while (at_ + length < text_.size() && (static_cast<unsigned char>(text_[at_ + length]) & 0xC0) == 0x80) ++length;
    add(Token::Kind::kWord, c == '&' ? "and" : c == '\n' ? "." : std::string(text_.substr(at_, length)), length);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> read_tokens(std::string_view instruction) { return Reader(instruction).run(); }

}  // namespace llmi::tools::edit
