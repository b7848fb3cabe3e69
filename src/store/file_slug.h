#pragma once

#include <string>
#include <string_view>

namespace llmi::store {

/// A short, safe part of a file name from any text: lower-case ASCII letters, digits and hyphens, at most 40 of them,
/// common Latin letters without their marks; `fallback` when nothing is left.
[[nodiscard]] std::string file_slug(std::string_view text, std::string_view fallback);

}  // namespace llmi::store
