#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace llmi::image {

/// Bounds-checked look at binary data: what lies beyond the end reads as 0, and has() tells whether it is there.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool has(std::size_t at, std::size_t count) const {
    return at <= bytes_.size() && count <= bytes_.size() - at;
  }
  [[nodiscard]] bool is(std::size_t at, std::string_view text) const {
    return has(at, text.size()) && bytes_.substr(at, text.size()) == text;
  }
  [[nodiscard]] std::uint32_t u8(std::size_t at) const {
    return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0;
  }
  [[nodiscard]] std::uint32_t u16_big(std::size_t at) const { return u8(at) << 8 | u8(at + 1); }
  [[nodiscard]] std::uint32_t u32_big(std::size_t at) const { return u16_big(at) << 16 | u16_big(at + 2); }
  [[nodiscard]] std::uint32_t u16_little(std::size_t at) const { return u8(at) | u8(at + 1) << 8; }
  [[nodiscard]] std::uint32_t u24_little(std::size_t at) const { return u16_little(at) | u8(at + 2) << 16; }
  [[nodiscard]] std::uint32_t u32_little(std::size_t at) const { return u16_little(at) | u16_little(at + 2) << 16; }

 private:
  std::string_view bytes_;
};

}  // namespace llmi::image
