#pragma once

#include <functional>
#include <vector>
#include <vips/vips8>

#include "tools/edit/values.h"

namespace llmi::picture {

// What several operations need. All pictures here are 8-bit sRGB, the last band alpha when there are four.

[[nodiscard]] vips::VImage with_alpha(const vips::VImage& image);

/// Applies `change` to the colours and leaves transparency as it is; the result is clamped to 8 bits.
[[nodiscard]] vips::VImage on_colours(const vips::VImage& image,
                                      const std::function<vips::VImage(const vips::VImage&)>& change);

/// Applies `change`, which mixes neighbouring pixels, so that transparent ones do not bleed their colour.
[[nodiscard]] vips::VImage on_premultiplied(const vips::VImage& image,
                                            const std::function<vips::VImage(const vips::VImage&)>& change);

/// An even picture of `bands` bands.
[[nodiscard]] vips::VImage plain(int width, int height, const tools::edit::Colour& colour, int bands);

/// `top` over `bottom` with its left top corner at (x, y). `bottom` keeps its size.
[[nodiscard]] vips::VImage over(const vips::VImage& bottom, const vips::VImage& top, int x, int y);

/// A colour as band values, opaque.
[[nodiscard]] std::vector<double> bands_of(const tools::edit::Colour& colour, int bands);

}  // namespace llmi::picture
