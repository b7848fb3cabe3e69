#include "data/split.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/random.h"

namespace llmi::data {
namespace {

/// Rows of each topic and language.
using Sizes = std::map<std::string, std::map<std::string, std::size_t>>;

std::vector<std::string> shuffled_topics(const std::map<std::string, std::size_t>& topics, Random& random) {
  std::vector<std::string> order;
  for (const auto& [topic, rows] : topics) order.push_back(topic);
  for (std::size_t at = order.size(); at > 1; --at) std::swap(order[at - 1], order[random.below(at)]);
  return order;
}

}  // namespace

void split_by_topic(std::vector<Row>& rows, double share, std::uint64_t seed) {
  Sizes sizes;  // by language, then topic
  for (const Row& row : rows) ++sizes[row.language][row.topic];
  Random random(derived_seed(seed, 0x5EED));
  std::set<std::string> test;
  for (const auto& [language, topics] : sizes) {
    std::size_t all = 0;
    std::size_t chosen = 0;
    for (const auto& [topic, count] : topics) {
      all += count;
      if (test.contains(topic)) chosen += count;
    }
    for (const std::string& topic : shuffled_topics(topics, random)) {
      if (static_cast<double>(chosen) >= share * static_cast<double>(all)) break;
      if (test.insert(topic).second) chosen += topics.at(topic);
    }
  }
  for (Row& row : rows) row.test = test.contains(row.topic);
}

}  // namespace llmi::data
