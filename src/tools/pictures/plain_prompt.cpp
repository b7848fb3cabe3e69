#include "tools/pictures/plain_prompt.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace llmi::tools::pictures {
namespace {

struct Block {
  std::string_view begin;  ///< Lower case.
  std::string_view end;
};

// The stray end mark comes last: it may belong to a block that another removal completes.
constexpr std::array kBlocks{Block{"<sd_cpp_extra_args>", "</sd_cpp_extra_args>"}, Block{"<lora:", ">"},
                             Block{"<lyco:", ">"}, Block{"<hypernet:", ">"}, Block{"</sd_cpp_extra_args>", ""}};

/// Removes the first block found; false when there is none.
bool remove_one(std::string& text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const Block& block : kBlocks) {
    const std::size_t begin = lower.find(block.begin);
    if (begin == std::string::npos) continue;
    const std::size_t end = lower.find(block.end, begin + block.begin.size());
    text.erase(begin, end == std::string::npos ? std::string::npos : end + block.end.size() - begin);
    return true;
  }
  return false;
}

}  // namespace

std::string plain_prompt(std::string_view prompt) {
  std::string text(prompt);
  // Again and again: what a removal joins must not be a block.
  while (remove_one(text)) {
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace llmi::tools::pictures
