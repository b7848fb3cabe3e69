#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace llmi::image {

enum class Format : std::uint8_t { kPng, kJpeg, kSvg };

/// An encoded picture that this program made or re-encoded itself: safe to hand on. Immutable value.
struct Picture {
  std::string bytes;
  Format format = Format::kPng;  ///< kSvg only for plots drawn in our sandbox and sanitised; never from outside.
  int width = 0;                 ///< Pixels.
  int height = 0;
};

[[nodiscard]] constexpr const char* extension(Format format) noexcept {
  return format == Format::kPng ? "png" : format == Format::kJpeg ? "jpg" : "svg";
}
/// The format of files that end so; kPng for any other ending.
[[nodiscard]] constexpr Format format_of(std::string_view extension) noexcept {
  return extension == "jpg" ? Format::kJpeg : extension == "svg" ? Format::kSvg : Format::kPng;
}
[[nodiscard]] constexpr const char* media_type(Format format) noexcept {
  return format == Format::kPng ? "image/png" : format == Format::kJpeg ? "image/jpeg" : "image/svg+xml";
}

}  // namespace llmi::image
