#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace llmi::data {

/// The first pattern that names a tool in `text`, in whatever language. A pattern is a word or a row of words in lower
/// case, matched as whole words whatever their case; "word*" matches every word that begins so. A pattern in a script
/// without spaces matches anywhere.
[[nodiscard]] std::optional<std::string> find_leak(std::string_view text, std::span<const std::string> patterns);

}  // namespace llmi::data
