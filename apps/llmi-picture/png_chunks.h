#pragma once

#include <string>
#include <string_view>

namespace llmi::picture {

/// The file without the chunks that do not decide its pixels. Compressed text chunks are the bombs among them, and we
/// keep no metadata anyway. What follows a broken chunk is left out.
[[nodiscard]] std::string png_pixels_only(std::string_view png);

/// Whether the chunks follow each other up to a whole IEND.
[[nodiscard]] bool png_is_whole(std::string_view png);

}  // namespace llmi::picture
