#pragma once

#include <string>
#include <string_view>

namespace llmi::render {

/// Text as HTML text or a double-quoted attribute's value: & < > " ' become entities; NUL, which HTML cannot hold, U+FFFD.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A link target from the model or from metadata, ready for an attribute; empty when it is not http, https, mailto or a
/// #fragment (so `javascript:`, `data:`, relative paths and the like never become links).
[[nodiscard]] std::string safe_link(std::string_view url);

}  // namespace llmi::render
