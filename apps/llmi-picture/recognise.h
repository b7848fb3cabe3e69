#pragma once

#include <string>
#include <string_view>

namespace llmi::picture {

/// The libvips loader for a picture, by its first bytes; empty when it is none of PNG, JPEG, GIF, WebP, TIFF and SVG.
[[nodiscard]] std::string_view loader_for(std::string_view bytes);

/// Whether an SVG asks for anything outside itself, or runs anything: a message then, empty when it is self-contained.
[[nodiscard]] std::string foreign_parts(std::string_view svg);

}  // namespace llmi::picture
