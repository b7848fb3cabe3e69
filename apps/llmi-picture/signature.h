#pragma once

#include <vips/vips8>

#include "image/picture.h"

namespace llmi::picture {

/// The values of image/signature.h as a picture's bytes. Throws vips::VError.
[[nodiscard]] image::Picture signature(const vips::VImage& image);

}  // namespace llmi::picture
