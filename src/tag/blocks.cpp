#include "tag/blocks.h"

#include <algorithm>
#include <utility>

#include "tag/byte_scan.h"
#include "tag/marks.h"

namespace llmi::tag {
namespace {

constexpr char kLineEnd = '\n';

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

/// Reads one line from left to right in columns (tabs reach to the next multiple of four). Notes when an answer hung on
/// bytes that are not there yet.
class Blocks::Cursor {
 public:
  Cursor(std::string_view line, bool complete) : line_(line), complete_(complete) {}

  [[nodiscard]] bool starved() const { return starved_; }
  [[nodiscard]] std::size_t at() const { return at_; }

  /// The byte at `at`; a line end behind the last.
  char byte(std::size_t at) {
    if (at < line_.size()) return line_[at];
    if (!complete_) starved_ = true;
    return kLineEnd;
  }
  char peek() { return byte(at_); }

  struct Indent {
    std::size_t columns = 0;
    std::size_t at = 0;  ///< First byte that is neither space nor tab.
  };
  Indent indent() {
    Indent result{tab_rest_, at_};
    std::size_t column = column_ + tab_rest_;
    for (; is_blank(byte(result.at)); ++result.at) {
      const std::size_t width = line_[result.at] == '\t' ? 4 - column % 4 : 1;
      column += width;
      result.columns += width;
    }
    return result;
  }

  /// Goes over so many columns of spaces and tabs; a tab may be taken in part.
  void skip_columns(std::size_t columns) {
    while (columns > 0) {
      if (tab_rest_ == 0) {
        if (!is_blank(byte(at_))) return;
        tab_rest_ = line_[at_] == '\t' ? 4 - column_ % 4 : 1;
        ++at_;
      }
      const std::size_t step = std::min(columns, tab_rest_);
      tab_rest_ -= step;
      column_ += step;
      columns -= step;
    }
  }
  /// Goes to `at`, which is not inside white space.
  void go_to(std::size_t at) {
    skip_columns(indent().columns);
    column_ += at - at_;
    at_ = at;
  }

  bool blank() { return byte(indent().at) == kLineEnd; }

  /// Number of `mark`s from `at` on.
  std::size_t run(std::size_t at, char mark) {
    std::size_t length = 0;
    while (byte(at + length) == mark) ++length;
    return length;
  }
  bool blank_from(std::size_t at) {
    while (is_blank(byte(at))) ++at;
    return byte(at) == kLineEnd;
  }
  bool contains_from(std::size_t at, char wanted) {
    for (char c = byte(at); c != kLineEnd; c = byte(++at)) {
      if (c == wanted) return true;
    }
    return false;
  }
  bool thought_at(std::size_t at) {
    for (std::size_t i = 0; i < kThoughtBegin.size(); ++i) {
      if (byte(at + i) != kThoughtBegin[i]) return false;
    }
    return true;
  }

 private:
  std::string_view line_;
  bool complete_;
  bool starved_ = false;
  std::size_t at_ = 0;
  std::size_t column_ = 0;
  std::size_t tab_rest_ = 0;  ///< Columns of a tab that are not taken yet.
};

namespace {

/// `#` to `######` and a space, a tab or the line's end.
template <class Cursor>
bool is_heading(Cursor& line, std::size_t at) {
  const std::size_t marks = line.run(at, '#');
  if (marks == 0 || marks > 6) return false;
  const char next = line.byte(at + marks);
  return is_blank(next) || next == kLineEnd;
}

template <class Cursor>
bool is_underline(Cursor& line, std::size_t at) {
  const char mark = line.byte(at);
  return (mark == '=' || mark == '-') && line.blank_from(at + line.run(at, mark));
}

template <class Cursor>
bool is_thematic_break(Cursor& line, std::size_t at) {
  const char mark = line.byte(at);
  if (mark != '-' && mark != '*' && mark != '_') return false;
  std::size_t marks = 0;
  for (char c = mark; c == mark || is_blank(c); c = line.byte(++at)) marks += c == mark ? 1U : 0U;
  return line.byte(at) == kLineEnd && marks >= 3;
}

/// Length of a list marker at `at`, 0 without one.
template <class Cursor>
std::size_t list_marker(Cursor& line, std::size_t at) {
  const char first = line.byte(at);
  std::size_t length = 0;
  if (first == '-' || first == '*' || first == '+') {
    length = 1;
  } else {
    while (length < 10 && is_digit(line.byte(at + length))) ++length;
    const char end = line.byte(at + length);
    if (length == 0 || length > 9 || (end != '.' && end != ')')) return 0;
    ++length;
  }
  const char next = line.byte(at + length);
  return is_blank(next) || next == kLineEnd ? length : 0;
}

}  // namespace

Blocks::Opened Blocks::open_line(std::string_view rest, bool final) {
  const std::string_view head = rest.substr(0, kLongestHead);
  const std::size_t end = find_line_end(head, 0);
  const bool complete = end < head.size() || final || head.size() == kLongestHead;
  Cursor line(head.substr(0, end), complete);
  Blocks next = *this;
  const Opened opened = next.classify(line);
  if (line.starved()) return {};
  if (opened.line != Line::kThought) *this = next;
  return opened;
}

Blocks::Opened Blocks::classify(Cursor& line) {
  std::size_t matched = match_containers(line);
  if (leaf_ == Leaf::kFence) {
    if (matched == depth_) return fence_line(line);
    leaf_ = Leaf::kNone;
  }
  bool fresh = false;  // A container opened on this line.
  while (open_container(line, matched, fresh)) {
  }
  const bool all = matched == depth_;
  const auto indent = line.indent();
  const std::size_t content = line.at();
  if (line.blank()) {
    close_from(matched);
    empty_item_ = fresh && depth_ > 0 && containers_[depth_ - 1] != kQuote;
    leaf_ = Leaf::kNone;
    return {Line::kText, false, content};
  }
  empty_item_ = false;
  const bool in_paragraph = leaf_ == Leaf::kParagraph && !fresh;
  const bool meaningful = kMeaningful[static_cast<unsigned char>(line.byte(indent.at))];
  if (meaningful && indent.columns < 4) {
    if (in_paragraph && all && is_underline(line, indent.at)) {
      leaf_ = Leaf::kNone;
      return {Line::kText, true, content};
    }
    const bool single = is_heading(line, indent.at) || is_thematic_break(line, indent.at);
    if (single || open_fence(line)) {
      close_from(matched);
      leaf_ = single ? Leaf::kNone : Leaf::kFence;
      return {single ? Line::kText : Line::kFenceOpens, false, content};
    }
  }
  if (line.thought_at(indent.at)) return {Line::kThought, false, indent.at};
  if (!in_paragraph) close_from(matched);  // Otherwise a lazy continuation line may leave containers out.
  leaf_ = Leaf::kParagraph;
  return {Line::kText, in_paragraph, content};
}

std::size_t Blocks::match_containers(Cursor& line) const {
  std::size_t matched = 0;
  for (const std::uint16_t width : containers()) {
    const auto indent = line.indent();
    if (width == kQuote) {
      if (indent.columns > 3 || line.byte(indent.at) != '>') break;
      line.go_to(indent.at + 1);
      if (is_blank(line.peek())) line.skip_columns(1);
    } else if (line.byte(indent.at) == kLineEnd) {
      if (empty_item_ && matched + 1 == depth_) break;  // An item begins with one blank line at most.
    } else {
      if (indent.columns < width) break;
      line.skip_columns(width);
    }
    ++matched;
  }
  return matched;
}

Blocks::Opened Blocks::fence_line(Cursor& line) {
  const auto indent = line.indent();
  const std::size_t length = indent.columns < 4 ? line.run(indent.at, fence_mark_) : 0;
  if (length < fence_length_ || !line.blank_from(indent.at + length)) return {Line::kFenceContent, false, line.at()};
  leaf_ = Leaf::kNone;
  return {Line::kFenceCloses, false, line.at()};
}

bool Blocks::open_container(Cursor& line, std::size_t& matched, bool& fresh) {
  const auto indent = line.indent();
  const char first = line.byte(indent.at);
  if (matched >= kMostContainers || indent.columns > 3 || !kMeaningful[static_cast<unsigned char>(first)]) return false;
  const bool interrupts = leaf_ == Leaf::kParagraph && matched == depth_ && !fresh;
  if (!open_quote(line, matched) && !open_item(line, matched, interrupts)) return false;
  ++matched;
  fresh = true;
  return true;
}

bool Blocks::open_quote(Cursor& line, std::size_t matched) {
  const auto indent = line.indent();
  if (line.byte(indent.at) != '>') return false;
  push(matched, kQuote);
  line.go_to(indent.at + 1);
  if (is_blank(line.peek())) line.skip_columns(1);
  return true;
}

bool Blocks::open_item(Cursor& line, std::size_t matched, bool interrupts) {
  const auto indent = line.indent();
  const std::size_t length = list_marker(line, indent.at);
  if (length == 0 || is_thematic_break(line, indent.at)) return false;
  const bool empty = line.blank_from(indent.at + length);
  const char first = line.byte(indent.at);
  const bool ordered_elsewhere = is_digit(first) && !(first == '1' && length == 2);
  if (interrupts && (empty || ordered_elsewhere)) return false;
  line.go_to(indent.at + length);
  const std::size_t spaces = line.indent().columns;
  const std::size_t padding = empty || spaces > 4 ? 1 : spaces;
  if (!empty) line.skip_columns(padding);
  push(matched, indent.columns + length + padding);
  return true;
}

bool Blocks::open_fence(Cursor& line) {
  const auto indent = line.indent();
  const char mark = line.byte(indent.at);
  if (mark != '`' && mark != '~') return false;
  const std::size_t length = line.run(indent.at, mark);
  if (length < 3 || (mark == '`' && line.contains_from(indent.at + length, '`'))) return false;
  fence_mark_ = mark;
  fence_length_ = length;
  return true;
}

bool Blocks::only_blank(char first) const {
  return (first == '\n' || first == '\r') && depth_ == 0 && leaf_ != Leaf::kFence;
}

bool Blocks::only_fence_content(char first) const { return depth_ == 0 && first != fence_mark_ && !is_blank(first); }

}  // namespace llmi::tag
