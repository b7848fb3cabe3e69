#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace llmi::image {

/// Why an SVG picture must not be drawn: it refers to anything outside itself (href, url(), @import, style sheet,
/// document type, entity, inclusion), embeds another picture, runs a script, or is not plain well-formed UTF-8 XML so
/// that this cannot be told. Empty when nothing speaks against it. Linear time.
[[nodiscard]] std::optional<std::string> svg_objection(std::string_view svg);

}  // namespace llmi::image
