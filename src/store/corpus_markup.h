#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace llmi::store {

/// "Tom &amp; Jerry &#x263A;" -> "Tom & Jerry ☺". Unknown references stay as they are.
[[nodiscard]] std::string decode_references(std::string_view text);

/// Latin-1 or UTF-8 bytes (whichever they are) as trimmed valid UTF-8 without control characters, at most 4 KiB.
[[nodiscard]] std::string clean_text(std::string_view bytes);

/// The text of the first element `name` ("dc:title"), inner tags removed; empty when there is none. Reads XML
/// leniently: only for texts that describe a picture.
[[nodiscard]] std::string element_text(std::string_view xml, std::string_view name);

/// The value of an attribute inside one opening tag.
[[nodiscard]] std::optional<std::string_view> attribute(std::string_view tag, std::string_view name);

}  // namespace llmi::store
