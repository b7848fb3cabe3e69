#include "tag/byte_scan.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace llmi::tag {
namespace {

template <char... Wanted>
bool is_one_of(char c) noexcept {
  return ((c == Wanted) || ...);
}

template <char... Wanted>
std::size_t find_one_of(std::string_view text, std::size_t at) noexcept {
#ifdef __SSE2__
  constexpr std::size_t kStep = 16;
  for (; at + kStep <= text.size(); at += kStep) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    __m128i hits = _mm_setzero_si128();
    ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(block, _mm_set1_epi8(Wanted)))), ...);
    const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  while (at < text.size() && !is_one_of<Wanted...>(text[at])) ++at;
  return at;
}

std::uint32_t load4(const char* bytes) noexcept {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap32(word);
  return word;
}

std::size_t skip_ascii(std::string_view text, std::size_t at) noexcept {
#ifdef __SSE2__
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(block));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

/// Goes over valid characters of two to four bytes, four bytes at a time, as long as there are any.
std::size_t skip_multibyte(std::string_view text, std::size_t at) noexcept {
  while (at + 4 <= text.size()) {
    const std::uint32_t word = load4(text.data() + at);
    if ((word & 0x00C0C0F0U) == 0x008080E0U) {
      const std::uint32_t top = word & 0x0000200FU;  // The lead's low bits and the second byte's bit 5.
      if (top == 0 || top == 0x0000200DU) break;     // Too long a form, or a surrogate.
      at += 3;
    } else if ((word & 0x0000C0E0U) == 0x000080C0U) {
      if ((word & 0x0000001EU) == 0) break;
      at += 2;
    } else if ((word & 0xC0C0C0F8U) == 0x808080F0U) {
      const std::uint32_t point = (word & 0x7U) << 2U | (word >> 12U & 0x3U);
      if (point == 0 || point > 0x10U) break;
      at += 4;
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

std::size_t find_meaningful(std::string_view text, std::size_t at) noexcept {
  return find_one_of<'\n', '\r', '`', '<'>(text, at);
}

std::size_t find_line_end(std::string_view text, std::size_t at) noexcept { return find_one_of<'\n', '\r'>(text, at); }

std::size_t find_string_special(std::string_view text, std::size_t at) noexcept {
  return find_one_of<'"', '\'', '\\', '<'>(text, at);
}

bool is_clean(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    at = skip_ascii(text, at);
    const std::size_t behind = skip_multibyte(text, at);
    if (behind == at) return is_valid_utf8(text.substr(at, 8)) && at + 4 > text.size();
    at = behind;
  }
  return true;
}

std::string clean_copy(std::string_view bytes) {
  return is_clean(bytes) ? std::string(bytes) : to_valid_utf8(bytes);
}

std::size_t unfinished_character(std::string_view bytes) noexcept {
  for (std::size_t length = 1; length <= 3 && length <= bytes.size(); ++length) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - length]);
    if (byte < 0x80) return 0;
    if (byte < 0xC0) continue;
    const std::size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    return length < whole ? length : 0;
  }
  return 0;
}

}  // namespace llmi::tag
