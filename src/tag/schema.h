#pragma once

#include <cstddef>
#include <variant>

#include "base/fault.h"
#include "tag/literal.h"
#include "tag/tag.h"

namespace llmi::tag {

/// Holds a body against the table of tools: exactly the keys source, description and params, exactly the tool's
/// parameters, each of its kind. `index` is the tag's own place among all pictures: an edit refers to a smaller one.
/// Faults are of stage kSchema.
[[nodiscard]] std::variant<Tag, Fault> validate(const Value& body, std::size_t index);

}  // namespace llmi::tag
