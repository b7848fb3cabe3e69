#include "data/leaks.h"

#include <cstddef>

#include "data/letters.h"

namespace llmi::data {
namespace {

bool letter_before(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  std::size_t begin = at - 1;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80) --begin;
  return is_letter(code_point_at(text, begin).value);
}

bool letter_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_letter(code_point_at(text, at).value);
}

bool matches(std::string_view lowered, std::string_view pattern) {
  const bool prefix = pattern.ends_with('*');
  if (prefix) pattern.remove_suffix(1);
  const bool anywhere = is_ideograph(code_point_at(pattern, 0).value);
  for (std::size_t at = lowered.find(pattern); at != std::string_view::npos; at = lowered.find(pattern, at + 1)) {
    if (anywhere) return true;
    if (!letter_before(lowered, at) && (prefix || !letter_at(lowered, at + pattern.size()))) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> find_leak(std::string_view text, std::span<const std::string> patterns) {
  const std::string lowered = lower(text);
  for (const std::string& pattern : patterns)
    if (matches(lowered, pattern)) return pattern;
  return std::nullopt;
}

}  // namespace llmi::data
