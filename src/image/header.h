#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "image/decode.h"

namespace llmi::image {

/// The formats that are let in; found by content, never by name or by what a server claims.
enum class Kind : std::uint8_t { kPng, kJpeg, kGif, kWebp, kTiff, kBmp, kSvg };

/// What a picture claims about itself before anything is decoded.
struct Header {
  Kind kind = Kind::kPng;
  std::uint64_t width = 0;  ///< Pixels, before EXIF orientation; 0 for SVG, whose size is found while drawing.
  std::uint64_t height = 0;
  bool operator==(const Header&) const = default;
};

[[nodiscard]] std::string_view name(Kind kind) noexcept;

/// Reads the header in linear time without decoding or allocating: format, size, and signs of a bomb (a JPEG with more
/// than 100 scans, an SVG with references). Safe on hostile bytes. Errors: kUnreadable, saying what is wrong.
[[nodiscard]] Result<Header> read_header(std::string_view bytes);

/// read_header, then the limits on bytes and pixels. Errors: kUnreadable.
[[nodiscard]] Result<Header> check_header(std::string_view bytes, const DecodeLimits& limits);

}  // namespace llmi::image
