#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace llmi::image {

enum class SvgUse : std::uint8_t {
  kDraw,    ///< Our process makes pixels of it.
  kHandOn,  ///< Users get the file and may open it in a browser: no links, handlers or animation either, and only
            ///< elements that draw.
};

/// Why an SVG picture must not be drawn, or handed on: it refers to anything outside itself (href, url(), @import, style sheet,
/// document type, entity, inclusion), embeds another picture, runs a script, or is not plain well-formed UTF-8 XML so
/// that this cannot be told. Empty when nothing speaks against it. Linear time.
[[nodiscard]] std::optional<std::string> svg_objection(std::string_view svg, SvgUse use = SvgUse::kDraw);

}  // namespace llmi::image
