#include "png_chunks.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "image/byte_reader.h"

namespace llmi::picture {
namespace {

constexpr std::size_t kSignature = 8;
constexpr std::array<std::string_view, 9> kKept{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP"};

}  // namespace

std::string png_pixels_only(std::string_view png) {
  const image::ByteReader reader(png);
  std::string result(png.substr(0, kSignature));
  result.reserve(png.size());
  std::size_t at = kSignature;
  while (reader.has(at, 12)) {
    const std::size_t size = std::size_t{reader.u32_big(at)} + 12;
    // A cut-off chunk is passed on, so that the decoder sees that the file is cut off.
    const std::string_view chunk = png.substr(at, size);
    if (std::ranges::find(kKept, chunk.substr(4, 4)) != kKept.end()) result += chunk;
    at += size;
  }
  return result;
}

bool png_is_whole(std::string_view png) {
  const image::ByteReader reader(png);
  std::size_t at = kSignature;
  while (reader.has(at, 12)) {
    const std::size_t size = std::size_t{reader.u32_big(at)} + 12;
    if (!reader.has(at, size)) return false;
    if (png.substr(at + 4, 4) == "IEND") return true;
    at += size;
  }
  return false;
}

}  // namespace llmi::picture
