#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/run_context.h"
#include "image/picture.h"

namespace llmi::image {

/// Limits on pictures from outside, checked before and while decoding.
struct DecodeLimits {
  std::uint64_t max_bytes = std::uint64_t{64} << 20;
  std::uint64_t max_pixels = 100'000'000;
  int max_side = 2048;  ///< The result is scaled down to fit; aspect ratio kept, orientation applied.
};

/// Decodes an untrusted picture (PNG, JPEG, GIF, WebP, TIFF, BMP, SVG without references; found by content, not by
/// name) in a separate process (`llmi-picture`) with limits on time, memory, files and system calls, and re-encodes it:
/// PNG when it has transparency or few colours, JPEG otherwise; metadata dropped. Errors: kUnreadable (not a picture,
/// too large, broken), kTimeout, kCancelled, kUnavailable (the decoder cannot be started). Thread-safe.
[[nodiscard]] Result<Picture> decode_untrusted(const RunContext& context, std::string_view bytes,
                                               const DecodeLimits& limits = {});

/// An SVG plot as it is, after decode_untrusted has drawn it (which gives its size) and nothing in it speaks against
/// opening it in a browser (svg_objection). Errors: those of decode_untrusted.
[[nodiscard]] Result<Picture> keep_svg(const RunContext& context, std::string_view svg);

}  // namespace llmi::image
