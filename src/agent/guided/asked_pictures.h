#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace llmi::agent {

/// How many pictures a prompt asks for in words, read by rules: "exactly two pictures", "four images in all",
/// "no illustrations", "words only"; English, and the plainest wordings in German, French and Spanish. Several numbers
/// add up ("two photos and one drawing") unless one is said to be the total. Empty where no number is said, or where it
/// hangs on something else ("one picture for each poem"). A number on the command line goes before it.
[[nodiscard]] std::optional<std::size_t> asked_pictures(std::string_view prompt);

}  // namespace llmi::agent
