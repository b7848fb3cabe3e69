#pragma once

#include <vips/vips8>

#include "image/picture.h"

namespace llmi::picture {

/// Encodes 8-bit sRGB without any metadata: PNG when it has transparent pixels or large even areas (drawings, plots),
/// where JPEG is larger or ugly; JPEG otherwise. Throws vips::VError.
[[nodiscard]] image::Picture encode(const vips::VImage& image);

/// The same as JPEG whatever it shows; what is transparent becomes white. Throws vips::VError.
[[nodiscard]] image::Picture encode_jpeg(const vips::VImage& image);

}  // namespace llmi::picture
