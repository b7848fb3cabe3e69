#include "tag/code_spans.h"

#include <algorithm>
#include <utility>

namespace llmi::tag {

void CodeSpans::reset() {
  if (openers_.empty() && known_until_ == 0) return;
  openers_.clear();
  last_ = {};
  code_until_ = 0;
  known_until_ = 0;
}

std::optional<std::size_t> CodeSpans::opener(std::size_t length) const {
  const auto place = std::ranges::find(openers_, length, &Opener::length);
  if (place == openers_.end()) return std::nullopt;
  return static_cast<std::size_t>(place - openers_.begin());
}

void CodeSpans::add_run(std::size_t length, bool escaped, std::size_t end) {
  if (length > kLongestRun) return;
  if (const auto closed = opener(length)) {
    openers_.resize(*closed);
    return;
  }
  if (escaped) --length;
  if (length == 0 || opener(length)) return;
  const std::size_t closer = last_[length] >= end ? last_[length] : 0;
  openers_.push_back({length, std::max(openers_.empty() ? 0 : openers_.back().reach, closer)});
}

CodeSpans::Answer CodeSpans::ask(std::size_t at, std::string_view text, bool final, const Blocks& blocks) {
  if (openers_.empty()) return Answer::kText;
  if (at < code_until_) return Answer::kCode;
  if (at < known_until_) return openers_.back().reach > at ? Answer::kCode : Answer::kText;
  if (!search_ || search_->from != at) search_ = Search{.from = at, .blocks = blocks};
  const std::size_t before = search_->at;
  const Answer answer = search(text, final);
  examined_ += search_->at - before;
  if (answer != Answer::kUndecided) search_.reset();
  return answer;
}

CodeSpans::Answer CodeSpans::search(std::string_view text, bool final) {
  const bool cut = text.size() > kLongestLook;
  if (cut) text = text.substr(0, kLongestLook);
  while (search_->at < text.size()) {
    if (search_->line_begins) {
      const auto opened = search_->blocks.open_line(text.substr(search_->at), final || cut);
      if (opened.line == Blocks::Line::kUndecided) return Answer::kUndecided;
      const bool goes_on =
          (opened.line == Blocks::Line::kText && opened.continues) || opened.line == Blocks::Line::kThought;
      if (!goes_on) return nothing_up_to(search_->from + search_->at);
      search_->line_begins = false;
    }
    const Answer answer = search_line(text, final || cut);
    if (answer == Answer::kCode) return answer;
    if (!search_->line_begins) break;
  }
  if (!final && !cut) return Answer::kUndecided;
  return nothing_up_to(search_->from + text.size());
}

/// Up to the next line's begin, or to the end of `text`, or to a run that closes code.
CodeSpans::Answer CodeSpans::search_line(std::string_view text, bool final) {
  std::size_t& at = search_->at;
  while (at < text.size()) {
    at = std::min(text.find_first_of("`\n\r", at), text.size());
    if (at == text.size()) break;
    if (text[at] != '`') {
      if (text[at] == '\r' && at + 1 == text.size() && !final) break;
      at += text.substr(at, 2) == "\r\n" ? 2U : 1U;
      search_->line_begins = true;
      break;
    }
    const std::size_t end = std::min(text.find_first_not_of('`', std::max(at, search_->run_seen)), text.size());
    search_->run_seen = end;
    if (end == text.size() && !final) break;
    if (opener(end - at)) return found(search_->from + at);
    if (end - at <= kLongestRun) search_->last[end - at] = search_->from + at;
    at = end;
  }
  return Answer::kUndecided;
}

CodeSpans::Answer CodeSpans::found(std::size_t run_begin) {
  code_until_ = run_begin;
  return Answer::kCode;
}

CodeSpans::Answer CodeSpans::nothing_up_to(std::size_t end) {
  known_until_ = end;
  last_ = search_->last;
  for (Opener& opener : openers_) opener.reach = 0;
  return Answer::kText;
}

}  // namespace llmi::tag
