#pragma once

#include <vips/vips8>

#include "tools/edit/operation.h"

namespace llmi::picture {

/// Draws a mark over the picture, antialiased, with a light edge so that it stands out from any ground.
[[nodiscard]] vips::VImage draw(const tools::edit::Arrow& arrow, const vips::VImage& image);
[[nodiscard]] vips::VImage draw(const tools::edit::Circle& circle, const vips::VImage& image);
[[nodiscard]] vips::VImage draw(const tools::edit::Box& box, const vips::VImage& image);

}  // namespace llmi::picture
