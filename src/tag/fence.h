#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tag/blocks.h"
#include "tag/marks.h"
#include "tag/tag_end.h"

namespace llmi::tag {

/// A tag inside a longer text.
struct PlacedEnding {
  std::size_t begin = 0;
  Ending ending;
};

/// Looks whether an open fence holds nothing but tags and white space, while its text grows. Only then it is worth
/// waiting for its end.
class FenceLook {
 public:
  enum class Answer : std::uint8_t {
    kUndecided,
    kCode,  ///< It holds something else, or no tag, or is too long: code, from its first line on.
    kTags,
  };

  /// A fence longer than this is code.
  static constexpr std::size_t kLongest = std::size_t{1} << 20;

  /// `blocks` has taken the opening line. `index`: of the first tag.
  FenceLook(const Blocks& blocks, std::size_t index) : blocks_(blocks), index_(index) {}

  /// `text`: from the opening line on, each time with more bytes behind.
  Answer look(std::string_view text, bool final);

  /// After kTags: the tags, by position in the text.
  [[nodiscard]] const std::vector<PlacedEnding>& tags() const { return tags_; }
  /// After kTags: where the fence ends: at the end of its closing line, or where the container around it ends.
  [[nodiscard]] std::size_t end() const { return at_; }
  /// After kTags: the blocks as they are at end().
  [[nodiscard]] const Blocks& blocks() const { return blocks_; }
  [[nodiscard]] std::size_t examined() const { return 2 * at_; }

 private:
  std::optional<Answer> next_line(std::string_view text, bool final);
  std::optional<Answer> first_content(std::string_view text, std::size_t at, bool final);
  Answer read_tags(std::string_view text);

  Blocks blocks_;
  std::size_t index_;
  std::size_t at_ = 0;  ///< Begin of the line to take next, or inside the line whose end is looked for.
  bool line_taken_ = true;
  bool begins_with_tag_ = false;
  std::size_t content_ = 0;  ///< Where the first line of content begins; 0: not known yet.
  MarkReader marks_;
  std::vector<PlacedEnding> tags_;
};

}  // namespace llmi::tag
