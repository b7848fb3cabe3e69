#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace llmi {

/// RFC 4648, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// The bytes of a base64 text; line ends in it are skipped and padding may be missing. Nothing when it is no base64.
[[nodiscard]] std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace llmi
