#include "tag/parser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "tag/blocks.h"
#include "tag/body.h"
#include "tag/byte_scan.h"
#include "tag/code_spans.h"
#include "tag/fence.h"
#include "tag/marks.h"
#include "tag/tag_end.h"

namespace llmi::tag {
namespace {

/// Whether an odd number of backslashes stands at the end of `text`; `before`: the same for what came before it.
bool ends_in_escape(std::string_view text, bool before) {
  std::size_t at = text.size();
  while (at > 0 && text[at - 1] == '\\') --at;
  const bool odd = (text.size() - at) % 2 == 1;
  return at == 0 ? odd != before : odd;
}

}  // namespace

/// Everything lies in one window: what was held back and what has just come. Offsets are those of the whole input.
/// A step moves `cursor_`; what lies before it is decided; `text_from_` is where the text that is not handed on begins.
class Parser::Machine {
 public:
  Machine(std::size_t input_pictures, Sink sink) : sink_(std::move(sink)), next_index_(input_pictures) {}

  void feed(std::string_view bytes) {
    if (held_.empty()) {
      window_ = bytes;
    } else {
      held_ += bytes;
      window_ = held_;
    }
    run();
    keep_undecided();
  }

  void finish() {
    window_ = held_;
    final_ = true;
    run();
  }

  [[nodiscard]] std::size_t work() const {
    return work_ + spans_.examined() + (finder_ ? finder_->examined() : 0) + (fence_ ? fence_->examined() : 0);
  }

 private:
  enum class Mode : std::uint8_t {
    kLineStart,
    kInline,
    kSkipLine,   ///< Of code.
    kMark,       ///< At a mark that may be in inline code.
    kTag,
    kOverlong,   ///< In a tag that has grown too long.
    kThought,
    kFenceLook,  ///< At a fence that may hold nothing but tags.
  };

  [[nodiscard]] std::size_t window_end() const { return base_ + window_.size(); }
  [[nodiscard]] std::string_view rest() const { return window_.substr(cursor_ - base_); }
  [[nodiscard]] std::string_view between(std::size_t begin, std::size_t end) const {
    return window_.substr(begin - base_, end - begin);
  }

  void run() {
    while (cursor_ < window_end() || mode_ == Mode::kTag || mode_ == Mode::kOverlong) {
      const std::size_t before = cursor_;
      const bool goes_on = step();
      work_ += cursor_ - before + 1;
      if (!goes_on) break;
    }
    std::size_t end = cursor_;
    if (!final_ && end == window_end()) end -= std::min(unfinished_character(window_), end - text_from_);
    hand_on_text(end);
  }

  void keep_undecided() {
    const std::string_view decided = between(base_, text_from_);
    escape_carry_ = ends_in_escape(decided, escape_carry_);
    if (held_.empty()) {
      held_ = window_.substr(decided.size());
    } else {
      held_.erase(0, decided.size());
    }
    base_ = text_from_;
    window_ = {};
  }

  /// False: more bytes are needed.
  bool step() {
    switch (mode_) {
      case Mode::kLineStart: return start_line();
      case Mode::kInline: return scan_inline();
      case Mode::kSkipLine: return skip_line();
      case Mode::kMark: return decide_mark();
      case Mode::kTag: return read_tag();
      case Mode::kOverlong: return skip_overlong();
      case Mode::kThought: return skip_thought();
      case Mode::kFenceLook: return look_at_fence();
    }
    std::unreachable();
  }

  // Lines ------------------------------------------------------------------------------------------------------------

  bool start_line() {
    const char first = rest().front();
    if (std::exchange(after_return_, false) && first == '\n') {
      ++cursor_;
      return true;
    }
    if (head_.empty()) {
      if (blocks_.only_prose(first)) return begin_inline(blocks_.open_prose());
      if (blocks_.only_blank(first)) {
        blocks_.open_blank();
        return begin_inline(false);
      }
      if (blocks_.in_fence() && blocks_.only_fence_content(first)) return begin(Mode::kSkipLine);
    }
    return classify_line();
  }

  bool classify_line() {
    std::string joined;
    std::string_view line = rest();
    if (!head_.empty()) {
      joined = head_ + std::string(line.substr(0, Blocks::kLongestHead));
      line = joined;
    }
    const auto opened = blocks_.open_line(line, final_);
    const std::size_t content = cursor_ + (opened.content - std::min(opened.content, head_.size()));
    switch (opened.line) {
      case Blocks::Line::kUndecided: return false;
      case Blocks::Line::kThought:
        head_ = line.substr(0, opened.content);
        cursor_ = content;
        return begin_thought(true);
      case Blocks::Line::kText: head_.clear(); return begin_inline(opened.continues);
      case Blocks::Line::kFenceOpens: head_.clear(); return begin_fence(content);
      case Blocks::Line::kFenceContent:
      case Blocks::Line::kFenceCloses: return begin(Mode::kSkipLine);
    }
    std::unreachable();
  }

  bool begin(Mode mode) {
    mode_ = mode;
    return true;
  }

  bool begin_inline(bool continues) {
    if (!continues) spans_.reset();
    return begin(Mode::kInline);
  }

  bool skip_line() {
    cursor_ = base_ + find_line_end(window_, cursor_ - base_);
    if (cursor_ == window_end()) return false;
    return end_line();
  }

  bool end_line() {
    after_return_ = rest().front() == '\r';
    ++cursor_;
    return begin(Mode::kLineStart);
  }

  // Inline text ------------------------------------------------------------------------------------------------------

  bool scan_inline() {
    if (run_ > 0 && rest().front() != '`') end_run();
    if (run_ == 0) cursor_ = base_ + find_meaningful(window_, cursor_ - base_);
    if (cursor_ == window_end()) return false;
    switch (rest().front()) {
      case '`': return count_backticks();
      case '<': return meet_angle();
      default: return end_line();
    }
  }

  bool count_backticks() {
    if (run_ == 0) run_escaped_ = ends_in_escape(between(base_, cursor_), escape_carry_);
    const std::size_t length = std::min(rest().find_first_not_of('`'), rest().size());
    run_ += length;
    cursor_ += length;
    return true;
  }

  void end_run() { spans_.add_run(std::exchange(run_, 0), run_escaped_, cursor_); }

  bool meet_angle() {
    const Mark mark = marks_.at(rest(), 0, final_);
    if (mark == Mark::kUndecided) return false;
    if (mark == Mark::kTagBegin || mark == Mark::kThoughtBegin) {
      thought_ahead_ = mark == Mark::kThoughtBegin;
      return begin(Mode::kMark);
    }
    ++cursor_;
    return true;
  }

  bool decide_mark() {
    switch (spans_.ask(cursor_, rest(), final_, blocks_)) {
      case CodeSpans::Answer::kUndecided: return false;
      case CodeSpans::Answer::kCode: ++cursor_; return begin(Mode::kInline);
      case CodeSpans::Answer::kText: break;
    }
    return thought_ahead_ ? begin_thought(false) : begin_tag();
  }

  // Thoughts ---------------------------------------------------------------------------------------------------------

  bool begin_thought(bool at_line_start) {
    hand_on_text(cursor_);
    text_from_ = cursor_ += kThoughtBegin.size();
    thought_at_line_start_ = at_line_start;
    return begin(Mode::kThought);
  }

  bool skip_thought() {
    const std::size_t at = window_.find('<', cursor_ - base_);
    cursor_ = at == std::string_view::npos ? window_end() : base_ + at;
    text_from_ = cursor_;
    if (at == std::string_view::npos) return false;
    if (rest().starts_with(kThoughtEnd)) {
      text_from_ = cursor_ += kThoughtEnd.size();
      return begin(thought_at_line_start_ ? Mode::kLineStart : Mode::kInline);
    }
    if (!final_ && kThoughtEnd.starts_with(rest())) return false;
    text_from_ = ++cursor_;
    return true;
  }

  // Tags -------------------------------------------------------------------------------------------------------------

  bool begin_tag() {
    hand_on_text(cursor_);
    finder_.emplace(next_index_);
    return begin(Mode::kTag);
  }

  bool read_tag() {
    auto ending = finder_->look(rest(), final_);
    if (ending) {
      hand_on_tag(cursor_, std::move(*ending));
    } else if (finder_->overlong()) {
      overlong_begin_ = cursor_;
      text_from_ = cursor_ += kTagBegin.size() + kMaxBody + 1;
      mode_ = Mode::kOverlong;
    } else {
      return false;
    }
    work_ += finder_->examined();
    finder_.reset();
    return true;
  }

  bool skip_overlong() {
    cursor_ = base_ + std::min(window_.find('<', cursor_ - base_), window_.size());
    text_from_ = cursor_;
    Mark mark = Mark::kNone;
    if (cursor_ < window_end()) {
      mark = marks_.at(rest(), 0, final_);
    } else if (!final_) {
      return false;
    }
    if (mark == Mark::kUndecided) return false;
    if (cursor_ == window_end() || mark == Mark::kTagBegin || mark == Mark::kTagEnd) {
      if (mark == Mark::kTagEnd) cursor_ += kTagEnd.size();
      text_from_ = cursor_;
      sink_(FaultItem{overlong_begin_, cursor_, next_index_++, overlong_fault()});
      return begin(Mode::kInline);
    }
    text_from_ = ++cursor_;
    return true;
  }

  void hand_on_tag(std::size_t begin, Ending ending) {
    const std::size_t end = begin + ending.end;
    cursor_ = text_from_ = end;
    mode_ = Mode::kInline;
    const std::size_t index = next_index_++;
    if (auto* tag = std::get_if<Tag>(&ending.content)) {
      sink_(TagItem{begin, end, index, std::move(*tag), ending.rules.names()});
    } else {
      sink_(FaultItem{begin, end, index, std::get<Fault>(std::move(ending.content))});
    }
  }

  // Fences -----------------------------------------------------------------------------------------------------------

  bool begin_fence(std::size_t content) {
    spans_.reset();
    cursor_ = content;
    fence_.emplace(blocks_, next_index_);
    return begin(Mode::kFenceLook);
  }

  bool look_at_fence() {
    const auto answer = fence_->look(rest(), final_);
    if (answer == FenceLook::Answer::kUndecided) return false;
    work_ += fence_->examined();
    const FenceLook look = *std::exchange(fence_, std::nullopt);
    if (answer == FenceLook::Answer::kCode) return begin(Mode::kSkipLine);
    hand_on_text(cursor_);
    const std::size_t begin_of_fence = cursor_;
    for (PlacedEnding tag : look.tags()) {
      tag.ending.rules.add(Rule::kFence);
      hand_on_tag(begin_of_fence + tag.begin, std::move(tag.ending));
    }
    blocks_ = look.blocks();
    cursor_ = text_from_ = begin_of_fence + look.end();
    return begin(blocks_.in_fence() ? Mode::kLineStart : Mode::kInline);
  }

  // ------------------------------------------------------------------------------------------------------------------

  void hand_on_text(std::size_t end) {
    if (end == text_from_) return;
    sink_(TextItem{text_from_, end, clean_copy(between(text_from_, end))});
    text_from_ = end;
  }

  Sink sink_;
  std::size_t next_index_;

  std::string held_;
  std::string_view window_;
  std::size_t base_ = 0;  ///< Offset of the window's first byte.
  std::size_t cursor_ = 0;
  std::size_t text_from_ = 0;
  bool final_ = false;
  std::size_t work_ = 0;

  Mode mode_ = Mode::kLineStart;
  Blocks blocks_;
  CodeSpans spans_;
  MarkReader marks_;
  bool after_return_ = false;  ///< The line ended in a carriage return; a line feed would belong to it.
  bool escape_carry_ = false;  ///< An odd number of backslashes stands before the window.
  std::size_t run_ = 0;        ///< Backticks before the cursor.
  bool run_escaped_ = false;
  bool thought_ahead_ = false;
  bool thought_at_line_start_ = false;
  std::string head_;  ///< What stands before a thought that begins a line.
  std::optional<TagEndFinder> finder_;
  std::size_t overlong_begin_ = 0;
  std::optional<FenceLook> fence_;
};

Parser::Parser(std::size_t input_pictures, Sink sink)
    : machine_(std::make_unique<Machine>(input_pictures, std::move(sink))) {}
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;
Parser::~Parser() = default;

void Parser::feed(std::string_view bytes) { machine_->feed(bytes); }
void Parser::finish() { machine_->finish(); }
std::size_t Parser::work() const { return machine_->work(); }

std::vector<Item> parse(std::string_view answer, std::size_t input_pictures) {
  std::vector<Item> items;
  Parser parser(input_pictures, [&](Item item) {
    auto* text = std::get_if<TextItem>(&item);
    auto* last = items.empty() ? nullptr : std::get_if<TextItem>(&items.back());
    if (text != nullptr && last != nullptr && last->end == text->begin) {
      last->end = text->end;
      last->text += text->text;
    } else {
      items.push_back(std::move(item));
    }
  });
  parser.feed(answer);
  parser.finish();
  return items;
}

}  // namespace llmi::tag
