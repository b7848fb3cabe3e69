#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "base/fault.h"
#include "tag/recovery.h"
#include "tag/tag.h"

namespace llmi::tag {

inline constexpr std::size_t kMaxBody = std::size_t{256} << 10;

/// A body between the marks as a tag, or why it is none (stages kParse, kSchema). `rules` gets what had to be
/// recovered.
[[nodiscard]] std::variant<Tag, Fault> read_tag_body(std::string_view body, std::size_t index, RuleSet& rules);

}  // namespace llmi::tag
