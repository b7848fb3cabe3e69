#pragma once

#include <string>
#include <string_view>

namespace llmi::tools::online {

/// The text of a piece of HTML as providers put it into their fields: tags and what style and script hold are gone,
/// character references are resolved, white space is single.
[[nodiscard]] std::string plain_text(std::string_view html);

}  // namespace llmi::tools::online
