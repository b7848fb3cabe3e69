#include "agent/continuation.h"

#include <algorithm>
#include <variant>

#include "tag/marks.h"
#include "tag/parser.h"

namespace llmi::agent {
namespace {

struct Extent {
  std::size_t tags = 0;  ///< End of the last tag that closed.
  std::size_t text = 0;  ///< End of the text that a model can write on behind; not before `tags`.
};

/// Without the first characters of a mark at its end.
std::string_view without_begun_mark(std::string_view text) {
  for (const std::string_view mark : {tag::kTagBegin, tag::kThoughtBegin}) {
    for (std::size_t n = std::min(mark.size() - 1, text.size()); n > 0; --n) {
      if (text.ends_with(mark.substr(0, n))) return text.substr(0, text.size() - n);
    }
  }
  return text;
}

/// Without the first bytes of a UTF-8 character at its end.
std::string_view without_begun_character(std::string_view text) {
  for (std::size_t n = 1; n <= std::min<std::size_t>(3, text.size()); ++n) {
    const auto byte = static_cast<unsigned char>(text[text.size() - n]);
    if ((byte & 0xC0U) == 0x80U) continue;
    const std::size_t length = byte >= 0xF0U ? 4 : byte >= 0xE0U ? 3 : byte >= 0xC0U ? 2 : 1;
    return length > n ? text.substr(0, text.size() - n) : text;
  }
  return text;
}

std::string_view without_open_thought(std::string_view text) {
  const std::size_t thought = text.rfind(tag::kThoughtBegin);
  const bool open = thought != std::string_view::npos && text.find(tag::kThoughtEnd, thought) == std::string_view::npos;
  return open ? text.substr(0, thought) : text;
}

Extent extent_of(std::string_view answer) {
  Extent extent{.tags = 0, .text = answer.size()};
  for (const tag::Item& item : tag::parse(answer)) {
    if (const auto* found = std::get_if<tag::TagItem>(&item)) extent.tags = found->end;
    const auto* faulty = std::get_if<tag::FaultItem>(&item);
    if (faulty == nullptr) continue;
    const bool open = faulty->end == answer.size() && !answer.ends_with(tag::kTagEnd);
    (open ? extent.text : extent.tags) = open ? faulty->begin : faulty->end;
  }
  const std::string_view behind = answer.substr(extent.tags, extent.text - extent.tags);
  extent.text = extent.tags + without_begun_character(without_begun_mark(without_open_thought(behind))).size();
  return extent;
}

}  // namespace

bool answer_is_whole(const std::vector<document::Event>& events) {
  return std::ranges::any_of(events, [](const document::Event& event) {
    return std::holds_alternative<document::AnswerFinished>(event.body);
  });
}

bool may_pass(const Fault& fault, const std::optional<tag::Tag>& call) {
  switch (fault.stage) {
    case Stage::kCancelled:
    case Stage::kTimeout:
    case Stage::kDependency:
      return true;
    case Stage::kTool:
      return call && call->source() != tag::Source::kCode;
    default:
      return false;
  }
}

std::size_t writable_length(std::string_view answer) { return extent_of(answer).text; }

std::size_t whole_paragraphs_length(std::string_view answer) {
  const Extent extent = extent_of(answer);
  const std::string_view text = answer.substr(0, extent.text);
  const std::size_t gap = text.rfind("\n\n");
  if (gap != std::string_view::npos && gap + 2 > extent.tags) return gap + 2;
  return extent.tags;
}

}  // namespace llmi::agent
