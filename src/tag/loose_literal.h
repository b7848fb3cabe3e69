#pragma once

#include <optional>
#include <string_view>

#include "tag/literal.h"

namespace llmi::tag {

/// Reads a body whose strings hold unescaped quotes of their own kind (rule kUnescapedQuote), knowing what a tag looks
/// like: a quote ends a string only where the tag goes on behind it with its next key or with its closing braces up to
/// the end of the body. Empty when the body is no tag even so, or holds an end mark. Linear in the text.
[[nodiscard]] std::optional<Literal> read_loose_literal(std::string_view text);

}  // namespace llmi::tag
