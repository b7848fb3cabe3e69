#include "render/markdown_source.h"

#include <algorithm>

namespace llmi::render {
namespace {

constexpr std::size_t kMostColumns = 128;
// Nobody writes longer ones, and a bound on every search ahead keeps the whole linear.
constexpr std::size_t kLongestSpan = 4096;

std::string_view without_marks_of_quotes(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" >"), line.size()));
  return line;
}

std::size_t run_length(std::string_view text, char c) { return std::min(text.find_first_not_of(c), text.size()); }

/// "| - | :-: |": the second row of a table.
bool is_table_rule(std::string_view line) {
  const std::string_view row = without_marks_of_quotes(line);
  return row.find_first_not_of("|:- \t\r\n") == std::string_view::npos && row.find('|') != std::string_view::npos &&
         row.find('-') != std::string_view::npos;
}

std::string widened(std::string_view rule) {
  if (static_cast<std::size_t>(std::ranges::count(rule, '|')) > kMostColumns) return "\\" + std::string(rule);
  std::string wide;
  while (!rule.empty()) {
    const std::size_t dashes = run_length(rule, '-');
    wide.append(dashes == 0 ? 0 : std::max<std::size_t>(dashes, 3), '-');
    rule.remove_prefix(dashes);
    if (rule.empty()) break;
    wide.push_back(rule.front());
    rule.remove_prefix(1);
  }
  return wide;
}

class Rewriter {
 public:
  explicit Rewriter(std::string_view rest) : rest_(rest) {}

  std::string run() {
    while (!rest_.empty()) {
      const std::string_view line = rest_.substr(0, std::min(rest_.find('\n'), rest_.size() - 1) + 1);
      if (in_code_block(line)) {
        copy(line.size());
      } else if (header_before_ && is_table_rule(line)) {
        out_ += widened(line);
        rest_.remove_prefix(line.size());
      } else {
        header_before_ = line.find('|') != std::string_view::npos;
        inline_text(line.size());
      }
    }
    return std::move(out_);
  }

 private:
  void copy(std::size_t length) {
    out_ += rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  /// Follows the fences: true for their own lines and all between them.
  bool in_code_block(std::string_view line) {
    const std::string_view text = without_marks_of_quotes(line);
    const char mark = text.empty() ? ' ' : text.front();
    const std::size_t length = mark == '`' || mark == '~' ? run_length(text, mark) : 0;
    const std::string_view behind = text.substr(length);
    if (fence_length_ == 0) {
      const bool opens = length >= 3 && (mark == '~' || behind.find('`') == std::string_view::npos);
      if (!opens) return false;
      fence_ = mark;
      fence_length_ = length;
    } else if (mark == fence_ && length >= fence_length_ &&
               behind.find_first_not_of(" \t\r\n") == std::string_view::npos) {
      fence_length_ = 0;
    }
    return true;
  }

  /// At least one line; a span of code or a formula that goes on beyond it is taken whole.
  void inline_text(std::size_t length) {
    const std::size_t end = rest_.size() - length;
    while (rest_.size() > end) {
      if (rest_.front() == '`') {
        copy(code_span());
      } else if (rest_.starts_with("\\(")) {
        formula("\\)", "$");
      } else if (rest_.starts_with("\\[")) {
        formula("\\]", "$$");
      } else if (rest_.front() == '$') {
        dollars();
      } else if (rest_.starts_with('\\') && rest_.size() > 1 && rest_[1] != '\n') {
        copy(2);
      } else {
        copy(std::clamp<std::size_t>(rest_.find_first_of("`\\$", 1), 1, rest_.size() - end));
      }
    }
  }

  [[nodiscard]] std::size_t code_span() const {
    const std::size_t marks = run_length(rest_, '`');
    const std::string_view near = paragraph_part();
    for (std::size_t at = marks; (at = near.find('`', at)) != std::string_view::npos;) {
      const std::size_t length = run_length(near.substr(at), '`');
      at += length;
      if (length == marks) return at;
    }
    return marks;
  }

  void formula(std::string_view closing, std::string_view dollars) {
    const std::string_view near = paragraph_part();
    const std::size_t end = near.find(closing, 2);
    const std::string_view tex = end == std::string_view::npos ? "" : near.substr(2, end - 2);
    if (tex.find_first_not_of(" \n") == std::string_view::npos || tex.find('$') != std::string_view::npos)
      return copy(2);
    put_formula(tex, dollars);
    rest_.remove_prefix(end + 2);
  }

  // md4c takes any two dollars for the marks of a formula: those of prices are escaped.
  void dollars() {
    const std::size_t marks = std::min<std::size_t>(run_length(rest_, '$'), 2);
    const std::string_view mark = rest_.substr(0, marks);
    const std::string_view near = paragraph_part();
    const std::size_t end = near.find(mark, marks);
    if (end != std::string_view::npos && (marks == 2 || is_formula(near, end))) {
      put_formula(near.substr(marks, end - marks), mark);
      rest_.remove_prefix(end + marks);
      return;
    }
    for (std::size_t i = 0; i < marks; ++i) out_ += "\\$";
    rest_.remove_prefix(marks);
  }

  /// White space within the marks or a digit behind them: "$5 and $6", "$5-$6".
  static bool is_formula(std::string_view text, std::size_t end) {
    const auto blank = [](char c) { return c == ' ' || c == '\n' || c == '\t'; };
    const bool digit_behind = end + 1 < text.size() && text[end + 1] >= '0' && text[end + 1] <= '9';
    return !blank(text[1]) && !blank(text[end - 1]) && text[end - 1] != '\\' && !digit_behind;
  }

  /// On one line: a line of a formula that begins with "-" or "=" is no list or heading.
  void put_formula(std::string_view tex, std::string_view mark) {
    out_ += mark;
    for (const char c : tex) out_.push_back(c == '\n' ? ' ' : c);
    out_ += mark;
  }

  [[nodiscard]] std::string_view paragraph_part() const {
    const std::string_view near = rest_.substr(0, kLongestSpan);
    return near.substr(0, near.find("\n\n"));
  }

  std::string_view rest_;
  std::string out_;
  bool header_before_ = false;
  char fence_ = ' ';
  std::size_t fence_length_ = 0;
};

}  // namespace

std::string to_md4c(std::string_view markdown) { return Rewriter(markdown).run(); }

}  // namespace llmi::render
