#include "render/escape.h"

#include <array>

namespace llmi::render {

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\0': out += "\uFFFD"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

std::string safe_link(std::string_view url) {
  constexpr std::array<std::string_view, 4> kAllowed{"http://", "https://", "mailto:", "#"};
  std::string lower;
  for (const char c : url.substr(0, 8)) lower.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  for (const std::string_view prefix : kAllowed) {
    if (lower.starts_with(prefix)) return escape_html(url);
  }
  return "";
}

}  // namespace llmi::render
