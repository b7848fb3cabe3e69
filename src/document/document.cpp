#include "document/document.h"

#include <algorithm>
#include <string_view>

namespace llmi::document {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r#") - begin + 1));
}

std::string heading_of(std::string_view markdown) {
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    if (line.starts_with("# ")) return trimmed(line.substr(2));
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
  }
  return "";
}

}  // namespace

std::string title_of(const Document& document) {
  for (const Block& block : document.blocks) {
    const auto* text = std::get_if<TextBlock>(&block);
    if (text == nullptr) continue;
    if (std::string heading = heading_of(text->markdown); !heading.empty()) return heading;
  }
  if (!document.prompt) return "Untitled";
  std::string line = trimmed(document.prompt->substr(0, document.prompt->find('\n')));
  return line.empty() ? "Untitled" : line;
}

}  // namespace llmi::document
