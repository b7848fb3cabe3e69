#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/fault.h"
#include "tag/literal_scan.h"
#include "tag/marks.h"
#include "tag/recovery.h"
#include "tag/tag.h"

namespace llmi::tag {

/// A tag from its `<imgen>` to where it ends.
struct Ending {
  std::size_t end = 0;  ///< First byte behind it, from the tag's begin.
  bool closed = false;  ///< By an end mark of its own.
  std::variant<Tag, Fault> content = Fault{};
  RuleSet rules;
};

/// Finds where one tag ends, while its text grows:
/// 1. at the first end mark at which the literal is whole (end marks and begin marks inside its strings are text);
/// 2. otherwise, once the literal cannot become whole any more, at the first end mark, or in front of the first begin
///    mark, whichever comes first;
/// 3. otherwise at the end of the text.
/// Linear in the tag's length: at most five tags that begin one inside the other can all stay unbroken over the same
/// bytes, because each has to be in a string of another kind.
class TagEndFinder {
 public:
  explicit TagEndFinder(std::size_t index) : index_(index) {}

  /// `text`: from the tag's `<` on, each time with more bytes behind. Empty: more is needed.
  [[nodiscard]] std::optional<Ending> look(std::string_view text, bool final);

  /// The body has become longer than allowed and no mark up to there could end it: the next mark does, and what comes
  /// before it need not be kept.
  [[nodiscard]] bool overlong() const { return overlong_; }

  /// Bytes looked at so far.
  [[nodiscard]] std::size_t examined() const { return at_ + read_; }

 private:
  struct Boundary {
    std::size_t at = 0;
    bool closes = false;  ///< An end mark; otherwise the begin mark of the next tag.
  };

  [[nodiscard]] std::optional<Ending> end_mark(std::string_view text);
  [[nodiscard]] Ending at_boundary(std::string_view text);
  [[nodiscard]] Ending never_closed(std::string_view text) const;
  void skip_plain_text(std::string_view text);
  void note(bool closes);

  std::size_t index_;
  std::size_t at_ = kTagBegin.size();
  LiteralScan scan_;
  MarkReader marks_;
  std::optional<Boundary> boundary_;  ///< The first mark behind the tag's begin.
  bool overlong_ = false;
  std::size_t read_ = 0;  ///< Bytes of bodies that were read.
};

[[nodiscard]] Fault overlong_fault();

}  // namespace llmi::tag
