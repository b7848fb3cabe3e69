#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace llmi::tools::edit {

using Words = std::set<std::string, std::less<>>;

/// The one known word (lower case) of which `word` is a slip of the keyboard: two letters swapped ("balck"), or in a
/// longer word one letter missing, doubled or wrong ("mirorr"). Nothing when `word` is known itself, when several words
/// are as near, or when it may be another word: the first letter must be right, and a plural is no slip.
[[nodiscard]] std::optional<std::string> meant_by_slip(std::string_view word, const Words& known);

}  // namespace llmi::tools::edit
