#include "data/datasheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "data/letters.h"

namespace llmi::data {
namespace {

using Label = std::function<std::string(const Row&)>;

struct Line {
  std::size_t train = 0;
  std::size_t test = 0;
};

std::string table(const DataSet& set, const std::string& title, const Label& label) {
  std::map<std::string, Line> lines;
  for (const Row& row : set.rows) ++(row.test ? lines[label(row)].test : lines[label(row)].train);
  std::string text =
      fmt::format("\n| {} | rows | share | train | test |\n| --- | ---: | ---: | ---: | ---: |\n", title);
  for (const auto& [name, line] : lines) {
    const std::size_t rows = line.train + line.test;
    text +=
        fmt::format("| {} | {} | {:.1f} % | {} | {} |\n", name, rows,
                    100.0 * static_cast<double>(rows) / static_cast<double>(set.rows.size()), line.train, line.test);
  }
  return text;
}

std::size_t percentile(const std::vector<std::size_t>& sorted, std::size_t percent) {
  return sorted[(sorted.size() - 1) * percent / 100];
}

std::string lengths(const DataSet& set) {
  std::map<std::string, std::vector<std::size_t>> by_language;
  for (const Row& row : set.rows) by_language[row.language].push_back(words(row.question).size());
  std::string text =
      "\n| words in a prompt (zh: signs) | shortest | 10 % | median | 90 % | longest |\n"
      "| --- | ---: | ---: | ---: | ---: | ---: |\n";
  for (auto& [language, counts] : by_language) {
    std::ranges::sort(counts);
    text += fmt::format("| {} |", language);
    for (const std::size_t percent : {0U, 10U, 50U, 90U, 100U})
      text += fmt::format(" {} |", percentile(counts, percent));
    text += '\n';
  }
  return text;
}

std::string input_pictures(const Row& row) {
  return row.images.empty() ? "none" : fmt::format("{}", row.images.size());
}

}  // namespace

std::string counts_markdown(const DataSet& set, std::uint64_t seed) {
  std::set<std::string> topics;
  std::set<std::string> test_topics;
  for (const Row& row : set.rows) {
    topics.insert(row.topic);
    if (row.test) test_topics.insert(row.topic);
  }
  std::string text = fmt::format(
      "Seed {}: {} prompts about {} topics, {} of them only in the test split. Thrown away while making: {} "
      "near-duplicates, {} prompts that named a tool.\n",
      seed, set.rows.size(), topics.size(), test_topics.size(), set.discarded.duplicates, set.discarded.leaks);
  text += table(set, "language", [](const Row& row) { return row.language; });
  text += table(set, "picture count", [](const Row& row) { return std::string(picture_kind(row.image_num)); });
  text += table(set, "required tools", [](const Row& row) { return print_tools(row.tools); });
  text += table(set, "input pictures", input_pictures);
  text += table(set, "domain", [](const Row& row) { return row.domain; });
  return text + lengths(set);
}

}  // namespace llmi::data
