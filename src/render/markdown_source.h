#pragma once

#include <string>
#include <string_view>

namespace llmi::render {

/// Markdown in the form that md4c reads, where models write another: table rules of one or two dashes get three, and
/// TeX's `\(…\)` and `\[…\]` become dollars, and the dollars
/// of prices are escaped. Code stays as it is. A table of more than 128 columns stays text: every
/// short row of it would be filled up with cells, so that little text would make a huge page. Linear in the length.
[[nodiscard]] std::string to_md4c(std::string_view markdown);

}  // namespace llmi::render
