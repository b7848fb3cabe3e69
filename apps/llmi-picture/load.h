#pragma once

#include <string_view>
#include <vips/vips8>

#include "image/decode.h"
#include "image/header.h"

namespace llmi::picture {

/// Lets libvips load exactly this format; all others, the untrusted and the loadable ones included, are blocked.
void allow_only(image::Kind kind);

/// The first picture of a file, upright, in 8-bit sRGB with or without transparency, scaled down so that no side is
/// longer than limits.max_side. Vector pictures are drawn at a size fit for a document. The result may still be a
/// pipeline that reads `bytes`. Throws vips::VError.
[[nodiscard]] vips::VImage load(std::string_view bytes, const image::Header& header, const image::DecodeLimits& limits);

}  // namespace llmi::picture
