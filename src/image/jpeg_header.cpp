#include "image/jpeg_header.h"

#include "image/byte_reader.h"

namespace llmi::image {
namespace {

constexpr std::uint32_t kStartOfScan = 0xDA;
constexpr std::uint32_t kEndOfImage = 0xD9;

bool is_start_of_frame(std::uint32_t marker) {
  // C4, C8 and CC lie in the same range but are tables and a reserved value.
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool has_no_segment(std::uint32_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8); }

/// The first marker at or after `at` in entropy-coded data: FF that is neither stuffed nor a restart.
std::size_t skip_entropy_data(std::string_view bytes, std::size_t at) {
  while ((at = bytes.find('\xFF', at)) != std::string_view::npos) {
    const std::uint32_t next = ByteReader(bytes).u8(at + 1);
    if (next != 0x00 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
    ++at;
  }
  return bytes.size();
}

}  // namespace

std::optional<JpegHeader> read_jpeg_header(std::string_view bytes) {
  const ByteReader reader(bytes);
  JpegHeader header;
  std::size_t at = 2;
  while (reader.has(at, 4)) {
    if (reader.u8(at) != 0xFF) return std::nullopt;
    const std::uint32_t marker = reader.u8(at + 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == kEndOfImage) break;
    if (has_no_segment(marker)) {
      at += 2;
      continue;
    }
    const std::size_t length = reader.u16_big(at + 2);
    if (length < 2 || !reader.has(at + 2, length)) break;
    if (is_start_of_frame(marker)) {
      ++header.frames;
      header.height = reader.u16_big(at + 5);
      header.width = reader.u16_big(at + 7);
    }
    at += 2 + length;
    if (marker == kStartOfScan) {
      ++header.scans;
      at = skip_entropy_data(bytes, at);
    }
  }
  if (header.frames == 0) return std::nullopt;
  return header;
}

}  // namespace llmi::image
