#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace llmi::tag {

/// Markdown's block structure, line by line, as far as it decides what is code: block quotes, list items, fences,
/// headings, thematic breaks and paragraphs, as CommonMark has them. Two things differ on purpose: four spaces of indent
/// make no code, and raw HTML is text (documents hold none).
class Blocks {
 public:
  enum class Line : std::uint8_t {
    kUndecided,     ///< More of the line is needed; nothing has changed.
    kText,          ///< Prose, a heading, a blank line, …
    kThought,       ///< `<think>` is the first thing on the line; nothing has changed.
    kFenceOpens,
    kFenceContent,
    kFenceCloses,
  };
  struct Opened {
    Line line = Line::kUndecided;
    bool continues = false;   ///< kText: the paragraph of the line before goes on, code spans reach over the line end.
    std::size_t content = 0;  ///< Where the line's own text begins, behind container marks (and indent, but for text).
  };

  /// Lines longer than this are judged by their first bytes.
  static constexpr std::size_t kLongestHead = 1024;

  /// Takes the next line. `rest` begins with it and may go on behind it; `final`: nothing follows `rest`. With too little
  /// of the line at hand the answer is kUndecided, and the same line has to be offered again, longer. The answer does not
  /// depend on how often that happens.
  Opened open_line(std::string_view rest, bool final);

  /// For speed: whether a line that begins with `first` can only be prose, so that open_prose() may take it.
  [[nodiscard]] bool only_prose(char first) const;
  /// Takes a line of prose; whether it continues a paragraph.
  bool open_prose();
  [[nodiscard]] bool only_blank(char first) const;
  void open_blank() { leaf_ = Leaf::kNone; }

  [[nodiscard]] bool in_fence() const { return leaf_ == Leaf::kFence; }
  [[nodiscard]] bool in_container() const { return depth_ > 0; }
  /// For speed: whether a line that begins with `first` can only be content of the open fence.
  [[nodiscard]] bool only_fence_content(char first) const;

 private:
  class Cursor;
  enum class Leaf : std::uint8_t { kNone, kParagraph, kFence };
  static constexpr std::size_t kMostContainers = 32;  ///< Deeper nesting is prose.
  static constexpr std::uint16_t kQuote = 0;

  [[nodiscard]] std::span<const std::uint16_t> containers() const { return {containers_.data(), depth_}; }
  void push(std::size_t matched, std::size_t width) {
    containers_[matched] = static_cast<std::uint16_t>(width);
    depth_ = static_cast<std::uint8_t>(matched + 1);
  }
  void close_from(std::size_t matched) { depth_ = static_cast<std::uint8_t>(matched); }

  Opened classify(Cursor& line);
  std::size_t match_containers(Cursor& line) const;
  Opened fence_line(Cursor& line);
  bool open_container(Cursor& line, std::size_t& matched, bool& fresh);
  bool open_quote(Cursor& line, std::size_t matched);
  bool open_item(Cursor& line, std::size_t matched, bool interrupts);
  bool open_fence(Cursor& line);

  /// From the outside in: the columns a list item's lines are indented by, or kQuote.
  std::array<std::uint16_t, kMostContainers> containers_{};
  std::uint8_t depth_ = 0;
  Leaf leaf_ = Leaf::kNone;
  char fence_mark_ = '`';
  std::size_t fence_length_ = 0;
};

}  // namespace llmi::tag
