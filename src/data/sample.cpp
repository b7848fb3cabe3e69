#include "data/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <sstream>
#include <utility>
#include <vector>

#include "base/random.h"

namespace llmi::data {
namespace {

/// Every line as a Markdown quotation in a code block's letters: nothing in a prompt is taken for markup.
std::string quoted(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += line.empty() ? "\n" : "    " + line + "\n";
  return out;
}

std::string labels(const Row& row) {
  std::string text = fmt::format("{} · {} · image_num {} · tools {}", row.id, row.test ? "test" : "train",
                                 row.image_num, print_tools(row.tools));
  for (const std::string& image : row.images)
    text += fmt::format(" · input `{}`", std::filesystem::path(image).filename().string());
  return text;
}

}  // namespace

std::string sample_markdown(std::span<const Row> rows, std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(derived_seed(seed, 0x5A3));
  for (std::size_t at = order.size(); at > 1; --at) std::swap(order[at - 1], order[random.below(at)]);
  order.resize(std::min(count, order.size()));
  std::string text;
  for (std::size_t number = 0; number < order.size(); ++number) {
    const Row& row = rows[order[number]];
    text += fmt::format("\n**{}.** {}\n\n{}", number + 1, labels(row), quoted(row.question));
  }
  return text;
}

}  // namespace llmi::data
