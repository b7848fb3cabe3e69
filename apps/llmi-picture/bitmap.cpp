#include "bitmap.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

#include "image/byte_reader.h"

namespace llmi::picture {
namespace {

using image::ByteReader;

constexpr std::uint32_t kCoreHeader = 12;
constexpr std::uint32_t kUncompressed = 0;
constexpr std::uint32_t kBitFields = 3;

/// Where one colour channel sits in a pixel.
struct Channel {
  std::uint32_t mask = 0;
  [[nodiscard]] unsigned char read(std::uint32_t pixel) const {
    if (mask == 0) return 0;
    const int shift = std::countr_zero(mask);
    const std::uint64_t most = mask >> shift;
    return static_cast<unsigned char>((std::uint64_t{(pixel & mask) >> shift} * 255 + most / 2) / most);
  }
};

struct Layout {
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool top_down = false;
  std::uint32_t bits = 0;
  std::size_t pixels_at = 0;
  std::size_t palette_at = 0;
  std::size_t palette_entry = 4;
  std::array<Channel, 3> channels;  ///< Red, green, blue; for 16 and 32 bits.

  [[nodiscard]] std::size_t row_bytes() const { return (static_cast<std::size_t>(width) * bits + 31) / 32 * 4; }
};

bool read_channels(const ByteReader& reader, std::uint32_t compression, Layout& layout) {
  constexpr std::size_t kMasksAt = 14 + 40;
  if (compression == kBitFields) {
    for (std::size_t i = 0; i < 3; ++i) layout.channels[i].mask = reader.u32_little(kMasksAt + 4 * i);
    return layout.bits == 16 || layout.bits == 32;
  }
  if (layout.bits == 16) layout.channels = {Channel{0x7C00}, Channel{0x03E0}, Channel{0x001F}};
  if (layout.bits == 32) layout.channels = {Channel{0xFF0000}, Channel{0x00FF00}, Channel{0x0000FF}};
  return compression == kUncompressed;
}

std::optional<Layout> read_layout(const ByteReader& reader) {
  const std::uint32_t header = reader.u32_little(14);
  Layout layout{.pixels_at = reader.u32_little(10), .palette_at = 14 + std::size_t{header}};
  std::uint32_t compression = kUncompressed;
  if (header == kCoreHeader) {
    layout.width = reader.u16_little(18);
    layout.height = reader.u16_little(20);
    layout.bits = reader.u16_little(24);
    layout.palette_entry = 3;
  } else if (header >= 40) {
    const std::int64_t height = static_cast<std::int32_t>(reader.u32_little(22));
    layout.width = static_cast<std::int32_t>(reader.u32_little(18));
    layout.height = std::llabs(height);
    layout.top_down = height < 0;
    layout.bits = reader.u16_little(28);
    compression = reader.u32_little(30);
  }
  const bool known_bits = layout.bits == 1 || layout.bits == 4 || layout.bits == 8 || layout.bits == 16 ||
                          layout.bits == 24 || layout.bits == 32;
  if (!known_bits || layout.width <= 0 || layout.height <= 0 || !read_channels(reader, compression, layout))
    return std::nullopt;
  return layout;
}

using Colour = std::array<unsigned char, 3>;

Colour colour_at(const ByteReader& reader, std::size_t at) {
  return {static_cast<unsigned char>(reader.u8(at + 2)), static_cast<unsigned char>(reader.u8(at + 1)),
          static_cast<unsigned char>(reader.u8(at))};
}

Colour pixel(const ByteReader& reader, const Layout& layout, std::size_t row, std::size_t x) {
  if (layout.bits <= 8) {
    const std::size_t bit = x * layout.bits;
    const std::uint32_t byte = reader.u8(row + bit / 8);
    const std::uint32_t index = byte >> (8 - layout.bits - bit % 8) & ((1U << layout.bits) - 1);
    return colour_at(reader, layout.palette_at + index * layout.palette_entry);
  }
  const std::size_t at = row + x * layout.bits / 8;
  if (layout.bits == 24) return colour_at(reader, at);
  const std::uint32_t value = layout.bits == 16 ? reader.u16_little(at) : reader.u32_little(at);
  return {layout.channels[0].read(value), layout.channels[1].read(value), layout.channels[2].read(value)};
}

}  // namespace

std::optional<Pixels> read_bitmap(std::string_view bytes, std::uint64_t max_pixels) {
  const ByteReader reader(bytes);
  const auto layout = read_layout(reader);
  if (!layout) return std::nullopt;
  const auto width = static_cast<std::size_t>(layout->width);
  const auto height = static_cast<std::size_t>(layout->height);
  if (width > max_pixels / height || !reader.has(layout->pixels_at, layout->row_bytes() * height)) return std::nullopt;
  Pixels pixels{.width = static_cast<int>(width), .height = static_cast<int>(height)};
  pixels.data.reserve(width * height * 3);
  for (std::size_t y = 0; y < height; ++y) {
    const std::size_t row = layout->pixels_at + layout->row_bytes() * (layout->top_down ? y : height - 1 - y);
    for (std::size_t x = 0; x < width; ++x) {
      const Colour colour = pixel(reader, *layout, row, x);
      pixels.data.insert(pixels.data.end(), colour.begin(), colour.end());
    }
  }
  return pixels;
}

}  // namespace llmi::picture
