#pragma once

#include <string>
#include <string_view>

namespace llmi::reward {

/// A text from outside as part of a judge's prompt: `title` says what it is. Every line of it is quoted, between two
/// lines that carry a code made from the text itself, so that it can neither end its own quotation nor pass for the
/// prompt around it. Marks of chat templates ("<|…|>", "[INST]") are taken apart, invalid UTF-8 replaced, and of an
/// enormous text the middle is left out, which is said.
[[nodiscard]] std::string quote(std::string_view title, std::string_view text);

}  // namespace llmi::reward
