#include "base/utf8.h"

#include <algorithm>

namespace llmi {
namespace {

struct Sequence {
  std::size_t length = 1;  ///< Bytes of the sequence, or of its maximal invalid part.
  bool valid = false;
};

std::size_t expected_length(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Table 3-7 of the Unicode Standard: the second byte's range depends on the first.
bool second_byte_fits(unsigned char lead, unsigned char second) noexcept {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

Sequence sequence_at(std::string_view bytes, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
  const std::size_t length = expected_length(byte(0));
  if (length == 1) return {1, true};
  if (length == 0) return {1, false};
  std::size_t have = 1;
  while (have < length && at + have < bytes.size()) {
    const bool fits = have == 1 ? second_byte_fits(byte(0), byte(1)) : (byte(have) & 0xC0U) == 0x80U;
    if (!fits) break;
    ++have;
  }
  return {have, have == length};
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view bytes) noexcept {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const Sequence next = sequence_at(bytes, at);
    if (!next.valid) break;
    at += next.length;
  }
  return at;
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size());
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto* const begin = bytes.begin() + at;
    const auto ascii = static_cast<std::size_t>(
        std::find_if(begin, bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) - begin);
    result.append(bytes, at, ascii);
    at += ascii;
    if (at == bytes.size()) break;
    const Sequence next = sequence_at(bytes, at);
    if (next.valid) {
      result.append(bytes, at, next.length);
    } else {
      append_utf8(result, 0xFFFD);
    }
    at += next.length;
  }
  return result;
}

void append_utf8(std::string& out, char32_t code_point) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = 0xFFFD;
  const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | (code_point >> 6U));
    put(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0U | (code_point >> 12U));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  } else {
    put(0xF0U | (code_point >> 18U));
    put(0x80U | ((code_point >> 12U) & 0x3FU));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  }
}

std::size_t count_code_points(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace llmi
