#include "tag/tag_end.h"

#include <fmt/format.h>

#include <algorithm>

#include "tag/body.h"
#include "tag/byte_scan.h"

namespace llmi::tag {

Fault overlong_fault() {
  return {Stage::kParse, fmt::format("the tag's body is longer than {} KiB; make it shorter", kMaxBody >> 10U)};
}

std::optional<Ending> TagEndFinder::look(std::string_view text, bool final) {
  for (;;) {
    if (scan_.broken()) {
      if (boundary_) return at_boundary(text);
      at_ = std::min(text.find('<', at_), text.size());
    }
    if (scan_.in_plain_text()) skip_plain_text(text);
    if (at_ - kTagBegin.size() > kMaxBody) {
      if (boundary_) return at_boundary(text);
      overlong_ = true;
      return std::nullopt;
    }
    if (at_ == text.size()) break;
    if (text[at_] == '<') {
      const Mark mark = marks_.at(text, at_, final);
      if (mark == Mark::kUndecided) return std::nullopt;
      if (mark == Mark::kTagBegin) note(false);
      if (mark == Mark::kTagEnd) {
        if (auto ending = end_mark(text)) return ending;
      }
    }
    scan_.step(text[at_++]);
  }
  if (!final) return std::nullopt;
  return boundary_ ? at_boundary(text) : never_closed(text);
}

void TagEndFinder::skip_plain_text(std::string_view text) {
  const std::size_t next = find_string_special(text, at_);
  if (next > at_) scan_.pass();
  at_ = next;
}

std::optional<Ending> TagEndFinder::end_mark(std::string_view text) {
  note(true);
  if (!scan_.whole()) return std::nullopt;
  read_ += at_;
  Ending ending{.end = at_ + kTagEnd.size(), .closed = true};
  ending.content = read_tag_body(text.substr(kTagBegin.size(), at_ - kTagBegin.size()), index_, ending.rules);
  const Fault* fault = std::get_if<Fault>(&ending.content);
  const bool unreadable = fault != nullptr && fault->stage == Stage::kParse;
  if (unreadable && boundary_->at < at_) return at_boundary(text);
  return ending;
}

void TagEndFinder::note(bool closes) {
  if (!boundary_) boundary_ = Boundary{at_, closes};
}

Ending TagEndFinder::at_boundary(std::string_view text) {
  const std::string_view body = text.substr(kTagBegin.size(), boundary_->at - kTagBegin.size());
  if (!boundary_->closes)
    return {.end = boundary_->at,
            .content = Fault{Stage::kParse, "the tag is not closed: another <imgen> begins before its </imgen>"}};
  read_ += boundary_->at;
  Ending ending{.end = boundary_->at + kTagEnd.size(), .closed = true};
  ending.content = read_tag_body(body, index_, ending.rules);
  return ending;
}

Ending TagEndFinder::never_closed(std::string_view text) const {
  return {.end = text.size(),
          .content = Fault{Stage::kParse, "the tag is not closed: the text ends before its </imgen>"}};
}

}  // namespace llmi::tag
