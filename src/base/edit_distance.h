#pragma once

#include <cstddef>
#include <string_view>

namespace llmi {

/// How many bytes have to be put in, taken out or changed to make `a` into `b` (Levenshtein).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace llmi
