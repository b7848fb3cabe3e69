#include "tag/marks.h"

#include "tag/body.h"
#include "tag/literal.h"

namespace llmi::tag {
namespace {

bool begins(std::string_view rest, std::string_view mark) { return rest.starts_with(mark); }
bool may_become(std::string_view rest, std::string_view mark) {
  return rest.size() < mark.size() && mark.starts_with(rest);
}

}  // namespace

Mark MarkReader::at(std::string_view text, std::size_t at, bool final) {
  const std::string_view rest = text.substr(at);
  if (begins(rest, kTagEnd)) return Mark::kTagEnd;
  if (begins(rest, kThoughtBegin)) return Mark::kThoughtBegin;
  if (begins(rest, kTagBegin)) {
    std::size_t next = kTagBegin.size() + passed_;
    while (next < rest.size() && is_space(rest[next]) && next <= kMaxBody) ++next;
    const bool undecided = next == rest.size() && !final && next <= kMaxBody;
    passed_ = undecided ? next - kTagBegin.size() : 0;
    if (undecided) return Mark::kUndecided;
    return next < rest.size() && rest[next] == '{' ? Mark::kTagBegin : Mark::kNone;
  }
  const bool partial = may_become(rest, kTagBegin) || may_become(rest, kTagEnd) || may_become(rest, kThoughtBegin);
  return partial && !final ? Mark::kUndecided : Mark::kNone;
}

}  // namespace llmi::tag
