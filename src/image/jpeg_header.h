#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace llmi::image {

/// What the markers of a JPEG file say.
struct JpegHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t frames = 0;  ///< Start-of-frame markers; a sound file has one.
  std::size_t scans = 0;   ///< Each costs the decoder a pass over the whole picture.
};

/// Walks the markers to the end of the image in one pass. Empty when they do not hang together.
[[nodiscard]] std::optional<JpegHeader> read_jpeg_header(std::string_view bytes);

}  // namespace llmi::image
