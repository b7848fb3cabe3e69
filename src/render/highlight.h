#pragma once

#include <string>
#include <string_view>

namespace llmi::render {

/// Code as HTML with its comments, strings, numbers and keywords marked (`<span class="c|s|n|k">`). Languages it does not
/// know are only escaped. Linear in the length of the code.
[[nodiscard]] std::string highlight(std::string_view code, std::string_view language);

}  // namespace llmi::render
