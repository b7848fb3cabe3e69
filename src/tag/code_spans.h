#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tag/blocks.h"

namespace llmi::tag {

/// Where inline code may be in the paragraph that is being read. A run of backticks begins code only if a run of the
/// same length follows in its paragraph, so a mark behind an unmatched run needs a look ahead; what the look has found
/// is kept, so that looking stays linear however many marks ask. All positions are offsets of the input.
class CodeSpans {
 public:
  enum class Answer : std::uint8_t { kText, kCode, kUndecided };

  /// A new paragraph, heading, table … begins: nothing reaches over.
  void reset();

  /// A run of `length` backticks that ends at `end`. `escaped`: a backslash takes the first of them, unless the run
  /// ends code.
  void add_run(std::size_t length, bool escaped, std::size_t end);

  /// Whether the mark at `at` lies in code. `text` goes on from `at`; `blocks` has taken the line of `at`. kUndecided:
  /// ask again with more text.
  Answer ask(std::size_t at, std::string_view text, bool final, const Blocks& blocks);

  /// Bytes looked at while looking ahead.
  [[nodiscard]] std::size_t examined() const { return examined_; }

  /// Longer runs are text.
  static constexpr std::size_t kLongestRun = 32;
  /// Code that is not closed within so many bytes of the mark that asks is none.
  static constexpr std::size_t kLongestLook = std::size_t{256} << 10;

 private:
  using LastRuns = std::array<std::size_t, kLongestRun + 1>;  ///< By length: the last run's begin, 0 for none.
  struct Opener {
    std::size_t length = 0;
    std::size_t reach = 0;  ///< Last position, as far as known, of a run that would close this opener or one before it.
  };
  /// A look ahead from one mark to the end of its paragraph.
  struct Search {
    std::size_t from = 0;
    std::size_t at = 0;  ///< Relative to `from`.
    Blocks blocks;
    bool line_begins = false;
    std::size_t run_seen = 0;  ///< Backticks from `at` to here are looked at already.
    LastRuns last{};
  };

  [[nodiscard]] std::optional<std::size_t> opener(std::size_t length) const;
  Answer search(std::string_view text, bool final);
  Answer search_line(std::string_view text, bool final);
  Answer found(std::size_t run_begin);
  Answer nothing_up_to(std::size_t end);

  std::vector<Opener> openers_;  ///< Of different lengths: unmatched so far, code if a run of their length follows.
  std::size_t code_until_ = 0;   ///< Marks before this are in code.
  std::size_t known_until_ = 0;  ///< Runs up to here are known by `last_`.
  LastRuns last_{};
  std::optional<Search> search_;
  std::size_t examined_ = 0;
};

}  // namespace llmi::tag
