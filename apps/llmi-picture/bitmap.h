#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace llmi::picture {

/// Decoded pixels, rows from top to bottom, `bands` bytes a pixel.
struct Pixels {
  std::vector<unsigned char> data;
  int width = 0;
  int height = 0;
  int bands = 3;
};

/// Windows bitmaps: uncompressed with 1, 4, 8, 16, 24 or 32 bits a pixel, and bit fields. (libvips has no loader of its
/// own for them.) Empty when the file is broken, cut off, or of a rarer kind. `max_pixels` is checked before
/// allocating.
[[nodiscard]] std::optional<Pixels> read_bitmap(std::string_view bytes, std::uint64_t max_pixels);

}  // namespace llmi::picture
