#include "image/header.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "image/byte_reader.h"
#include "image/jpeg_header.h"
#include "image/svg_references.h"

namespace llmi::image {
namespace {

// Ordinary progressive files have about ten; each scan is a pass over the whole picture.
constexpr std::size_t kMaxJpegScans = 100;

struct Size {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
};

std::unexpected<Error> unreadable(std::string message) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, std::move(message));
}

bool looks_like_svg(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '<' && bytes.find("<svg") != std::string_view::npos;
}

std::optional<Kind> kind_of(std::string_view bytes) {
  const ByteReader reader(bytes);
  if (reader.is(0, "\x89PNG\r\n\x1a\n")) return Kind::kPng;
  if (reader.is(0, "\xFF\xD8\xFF")) return Kind::kJpeg;
  if (reader.is(0, "GIF87a") || reader.is(0, "GIF89a")) return Kind::kGif;
  if (reader.is(0, "RIFF") && reader.is(8, "WEBP")) return Kind::kWebp;
  if (reader.is(0, std::string_view("II*\0", 4)) || reader.is(0, std::string_view("MM\0*", 4))) return Kind::kTiff;
  if (reader.is(0, "BM") && reader.has(0, 26)) return Kind::kBmp;
  if (looks_like_svg(bytes)) return Kind::kSvg;
  return std::nullopt;
}

std::optional<Size> png_size(const ByteReader& reader) {
  if (!reader.is(12, "IHDR") || !reader.has(16, 8)) return std::nullopt;
  return Size{reader.u32_big(16), reader.u32_big(20)};
}

std::optional<Size> gif_size(const ByteReader& reader) {
  if (!reader.has(6, 4)) return std::nullopt;
  return Size{reader.u16_little(6), reader.u16_little(8)};
}

std::optional<Size> webp_size(const ByteReader& reader) {
  if (!reader.has(12, 18)) return std::nullopt;
  if (reader.is(12, "VP8X")) return Size{reader.u24_little(24) + 1, reader.u24_little(27) + 1};
  if (reader.is(12, "VP8 ")) return Size{reader.u16_little(26) & 0x3FFF, reader.u16_little(28) & 0x3FFF};
  if (reader.is(12, "VP8L")) {
    const std::uint32_t bits = reader.u32_little(21);
    return Size{(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  }
  return std::nullopt;
}

std::optional<Size> bmp_size(const ByteReader& reader) {
  if (reader.u32_little(14) == 12) return Size{reader.u16_little(18), reader.u16_little(20)};
  const auto width = static_cast<std::int32_t>(reader.u32_little(18));
  const auto height = static_cast<std::int32_t>(reader.u32_little(22));
  if (width < 0) return std::nullopt;
  // A negative height means rows from top to bottom.
  return Size{static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(std::llabs(height))};
}

/// Width and height from the first directory of a classic TIFF.
std::optional<Size> tiff_size(const ByteReader& reader) {
  constexpr std::uint32_t kShort = 3;
  const bool little = reader.is(0, "II");
  const auto u16 = [&](std::size_t at) { return little ? reader.u16_little(at) : reader.u16_big(at); };
  const auto u32 = [&](std::size_t at) { return little ? reader.u32_little(at) : reader.u32_big(at); };
  const std::size_t directory = u32(4);
  if (!reader.has(directory, 2)) return std::nullopt;
  const std::size_t entries = u16(directory);
  Size size;
  for (std::size_t i = 0; i < entries && reader.has(directory + 2 + i * 12, 12); ++i) {
    const std::size_t at = directory + 2 + i * 12;
    const std::uint32_t value = u16(at + 2) == kShort ? u16(at + 8) : u32(at + 8);
    if (u16(at) == 256) size.width = value;
    if (u16(at) == 257) size.height = value;
  }
  return size;
}

Result<Size> jpeg_size(std::string_view bytes) {
  const auto header = read_jpeg_header(bytes);
  if (!header) return unreadable("the JPEG picture is broken: it has no frame");
  if (header->frames > 1) return unreadable("the JPEG picture is broken: it has more than one frame");
  if (header->scans > kMaxJpegScans) {
    return unreadable(
        fmt::format("the JPEG picture has {} scans, more than the {} allowed", header->scans, kMaxJpegScans));
  }
  return Size{header->width, header->height};
}

std::optional<Size> size_of(Kind kind, std::string_view bytes) {
  const ByteReader reader(bytes);
  switch (kind) {
    case Kind::kPng:
      return png_size(reader);
    case Kind::kGif:
      return gif_size(reader);
    case Kind::kWebp:
      return webp_size(reader);
    case Kind::kTiff:
      return tiff_size(reader);
    case Kind::kBmp:
      return bmp_size(reader);
    case Kind::kJpeg:
    case Kind::kSvg:
      break;
  }
  return std::nullopt;
}

Result<Header> header_of(Kind kind, std::string_view bytes) {
  if (kind == Kind::kSvg) {
    if (const auto objection = svg_objection(bytes)) return unreadable("the SVG picture is refused: " + *objection);
    return Header{.kind = kind};
  }
  Size size;
  if (kind == Kind::kJpeg) {
    LLMI_TRY(size, jpeg_size(bytes));
  } else {
    size = size_of(kind, bytes).value_or(Size{});
  }
  if (size.width == 0 || size.height == 0)
    return unreadable(fmt::format("the {} picture is broken: it states no size", name(kind)));
  return Header{.kind = kind, .width = size.width, .height = size.height};
}

}  // namespace

std::string_view name(Kind kind) noexcept {
  constexpr std::array<std::string_view, 7> kNames{"PNG", "JPEG", "GIF", "WebP", "TIFF", "BMP", "SVG"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<Header> read_header(std::string_view bytes) {
  if (bytes.empty()) return unreadable("the picture is empty");
  const auto kind = kind_of(bytes);
  if (!kind) return unreadable("this is not a picture in a known format (PNG, JPEG, GIF, WebP, TIFF, BMP or SVG)");
  return header_of(*kind, bytes);
}

Result<Header> check_header(std::string_view bytes, const DecodeLimits& limits) {
  if (bytes.size() > limits.max_bytes) {
    return unreadable(
        fmt::format("the picture has {} bytes, more than the {} allowed", bytes.size(), limits.max_bytes));
  }
  LLMI_TRY(Header header, read_header(bytes));
  // Division, as the product of two hostile numbers may wrap.
  if (header.width != 0 && header.height > limits.max_pixels / header.width) {
    return unreadable(fmt::format("the picture has {} x {} pixels, more than the {} million allowed", header.width,
                                  header.height, limits.max_pixels / 1'000'000));
  }
  return header;
}

}  // namespace llmi::image
