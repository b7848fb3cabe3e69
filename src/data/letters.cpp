#include "data/letters.h"

#include <utility>

#include "base/utf8.h"

namespace llmi::data {
namespace {

bool is_digit(char32_t value) { return value >= U'0' && value <= U'9'; }

bool within(char32_t value, char32_t first, char32_t last) { return value >= first && value <= last; }

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  char32_t value = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) value = (value << 6U) | (byte(at + i) & 0x3FU);
  return {value, bytes};
}

bool is_letter(char32_t value) {
  if (is_digit(value) || within(value, U'a', U'z') || within(value, U'A', U'Z')) return true;
  return (within(value, 0xC0, 0x24F) && value != 0xD7 && value != 0xF7) || within(value, 0x370, 0x5FF);
}

bool is_ideograph(char32_t value) {
  return within(value, 0x3040, 0x30FF) || within(value, 0x3400, 0x9FFF) || within(value, 0xAC00, 0xD7AF);
}

char32_t lower(char32_t value) {
  if (within(value, U'A', U'Z') || within(value, 0x391, 0x3A9) || within(value, 0x410, 0x42F)) return value + 32;
  if (within(value, 0xC0, 0xDE) && value != 0xD7) return value + 32;
  if (within(value, 0x400, 0x40F)) return value + 80;
  // Latin Extended-A: pairs with the capital on the even place, but for two stretches where it is on the odd one.
  const bool odd_capitals = within(value, 0x139, 0x148) || within(value, 0x179, 0x17E);
  if (within(value, 0x100, 0x17E) && value != 0x130 && value != 0x178 && (value % 2 == 1) == odd_capitals)
    return value + 1;
  return value;
}

std::string lower(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    append_utf8(out, lower(point.value));
    at += point.bytes;
  }
  return out;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) found.push_back(std::exchange(word, {}));
  };
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    at += point.bytes;
    if (is_letter(point.value)) {
      append_utf8(word, is_digit(point.value) ? U'0' : lower(point.value));
      continue;
    }
    finish();
    if (!is_ideograph(point.value)) continue;
    append_utf8(word, point.value);
    finish();
  }
  finish();
  return found;
}

}  // namespace llmi::data
