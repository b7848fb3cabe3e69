#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Smallest files of each format for tests: right headers, no pixels.
namespace llmi::store::test {

inline std::string be16(std::uint16_t v) { return {static_cast<char>(v >> 8U), static_cast<char>(v & 0xFFU)}; }
inline std::string be32(std::uint32_t v) {
  return be16(static_cast<std::uint16_t>(v >> 16U)) + be16(static_cast<std::uint16_t>(v & 0xFFFFU));
}
inline std::string le16(std::uint32_t v) {
  return {static_cast<char>(v & 0xFFU), static_cast<char>((v >> 8U) & 0xFFU)};
}
inline std::string le32(std::uint32_t v) { return le16(v & 0xFFFFU) + le16(v >> 16U); }

inline std::string chunk(const std::string& kind, const std::string& data) {
  return be32(static_cast<std::uint32_t>(data.size())) + kind + data + "CRC!";
}

using Texts = std::vector<std::pair<std::string, std::string>>;

inline std::string png(std::uint32_t width, std::uint32_t height, const Texts& texts, const std::string& xmp = "",
                       std::size_t data_bytes = 10) {
  std::string bytes =
      "\x89PNG\r\n\x1A\n" + chunk("IHDR", be32(width) + be32(height) + std::string("\x08\x02\0\0\0", 5));
  for (const auto& [key, text] : texts) bytes += chunk("tEXt", key + '\0' + text);
  if (!xmp.empty()) bytes += chunk("iTXt", std::string("XML:com.adobe.xmp\0\0\0\0\0", 22) + xmp);
  return bytes + chunk("IDAT", std::string(data_bytes, 'x')) + std::string("\0\0\0\0IEND\xAE\x42\x60\x82", 12);
}

inline std::string jpeg(std::uint16_t width, std::uint16_t height, const std::string& exif) {
  std::string bytes = "\xFF\xD8";
  if (!exif.empty()) {
    const std::string data = std::string("Exif\0\0", 6) + exif;
    bytes += "\xFF\xE1" + be16(static_cast<std::uint16_t>(data.size() + 2)) + data;
  }
  bytes += "\xFF\xC0" + be16(8) + '\x08' + be16(height) + be16(width) + '\x01';
  return bytes + "\xFF\xDA" + be16(2) + "pixels\xFF\xD9";
}

inline std::string bmp(std::int32_t width, std::int32_t height) {
  return "BM" + le32(60) + le32(0) + le32(54) + le32(40) + le32(static_cast<std::uint32_t>(width)) +
         le32(static_cast<std::uint32_t>(height)) + std::string(34, '\0');
}

inline std::string webp(std::uint32_t width, std::uint32_t height) {
  const std::string data = std::string(4, '\0') + le32(width - 1).substr(0, 3) + le32(height - 1).substr(0, 3);
  const std::string body = "WEBPVP8X" + le32(10) + data;
  return "RIFF" + le32(static_cast<std::uint32_t>(body.size())) + body;
}

}  // namespace llmi::store::test
