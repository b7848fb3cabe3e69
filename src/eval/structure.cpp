#include "eval/structure.h"

#include <algorithm>

#include "base/edit_distance.h"

namespace llmi::eval {
std::string structure_of(const document::Document& document) {
  std::string blocks;
  for (const document::Block& block : document.blocks) {
    if (const auto* text = std::get_if<document::TextBlock>(&block)) {
      const bool blank = text->markdown.find_first_not_of(" \t\r\n") == std::string::npos;
      if (!blank && !blocks.ends_with('t')) blocks += 't';
    } else if (std::get<document::FigureBlock>(block).ready() != nullptr) {
      blocks += 'i';
    }
  }
  return blocks;
}

double structure_likeness(std::string_view one, std::string_view other) {
  const std::size_t longest = std::max(one.size(), other.size());
  return longest == 0 ? 1 : 1 - static_cast<double>(edit_distance(one, other)) / static_cast<double>(longest);
}

}  // namespace llmi::eval
