#include "eval/structure.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace llmi::eval {
namespace {

std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < one.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i + 1;
    for (std::size_t k = 0; k < other.size(); ++k) {
      const std::size_t exchanged = corner + (one[i] == other[k] ? 0 : 1);
      corner = row[k + 1];
      row[k + 1] = std::min({row[k] + 1, row[k + 1] + 1, exchanged});
    }
  }
  return row.back();
}

}  // namespace

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
  return longest == 0 ? 1 : 1 - static_cast<double>(distance(one, other)) / static_cast<double>(longest);
}

}  // namespace llmi::eval
