#include "tag/fence.h"

#include <utility>

#include "tag/byte_scan.h"
#include "tag/literal.h"

namespace llmi::tag {

FenceLook::Answer FenceLook::look(std::string_view text, bool final) {
  for (;;) {
    if (line_taken_) {
      at_ = find_line_end(text, at_);
      if (at_ > kLongest) return Answer::kCode;
      const bool half = at_ + 1 == text.size() && text[at_] == '\r' && !final;
      if (at_ == text.size() || half) {
        if (!final) return Answer::kUndecided;
        return read_tags(text);
      }
      at_ += text.substr(at_, 2) == "\r\n" ? 2U : 1U;
      line_taken_ = false;
      if (content_ == 0) {
        content_ = at_;
        // A mark behind the opening backticks is not the fence's language: something else is meant than a lone tag.
        if (text.substr(0, at_).find(kTagBegin) != std::string_view::npos) return Answer::kCode;
      }
    }
    if (const auto answer = next_line(text, final)) return *answer;
  }
}

std::optional<FenceLook::Answer> FenceLook::next_line(std::string_view text, bool final) {
  if (at_ == text.size()) return final ? read_tags(text) : Answer::kUndecided;
  Blocks next = blocks_;
  const auto opened = next.open_line(text.substr(at_), final);
  switch (opened.line) {
    case Blocks::Line::kUndecided:
      return Answer::kUndecided;
    case Blocks::Line::kFenceContent:
      break;
    case Blocks::Line::kFenceCloses: {
      const Answer answer = read_tags(text.substr(0, at_));
      at_ = find_line_end(text, at_);
      blocks_ = next;
      return answer;
    }
    default:
      return read_tags(text.substr(0, at_));
  }
  if (!begins_with_tag_) {
    if (const auto answer = first_content(text, at_ + opened.content, final)) return answer;
  }
  line_taken_ = true;
  return std::nullopt;
}

/// Nothing to say about a blank line.
std::optional<FenceLook::Answer> FenceLook::first_content(std::string_view text, std::size_t at, bool final) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  if (at == text.size()) return final ? std::nullopt : std::optional(Answer::kUndecided);
  if (text[at] == '\n' || text[at] == '\r') return std::nullopt;
  if (text[at] != '<') return Answer::kCode;
  const Mark mark = marks_.at(text, at, final);
  if (mark == Mark::kUndecided) return Answer::kUndecided;
  if (mark != Mark::kTagBegin) return Answer::kCode;
  begins_with_tag_ = true;
  return std::nullopt;
}

FenceLook::Answer FenceLook::read_tags(std::string_view text) {
  const bool quoted = blocks_.in_container();
  std::size_t at = content_ == 0 ? text.size() : content_;
  while (at < text.size()) {
    if (is_space(text[at]) || (quoted && text[at] == '>')) {
      ++at;
      continue;
    }
    if (text[at] != '<' || MarkReader().at(text, at, true) != Mark::kTagBegin) return Answer::kCode;
    auto ending = TagEndFinder(index_ + tags_.size()).look(text.substr(at), true);
    if (!ending || !ending->closed) return Answer::kCode;
    const std::size_t begin = std::exchange(at, at + ending->end);
    tags_.push_back({begin, *std::move(ending)});
  }
  return tags_.empty() ? Answer::kCode : Answer::kTags;
}

}  // namespace llmi::tag
