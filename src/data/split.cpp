#include "data/split.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/random.h"

namespace llmi::data {
namespace {

/// Rows by language, then topic.
using Sizes = std::map<std::string, std::map<std::string, std::size_t>>;

std::size_t sum(const std::map<std::string, std::size_t>& topics) {
  std::size_t all = 0;
  for (const auto& [topic, rows] : topics) all += rows;
  return all;
}

class Choice {
 public:
  Choice(const std::vector<Row>& rows, double share) : share_(share) {
    for (const Row& row : rows) {
      ++sizes_[row.language][row.topic];
      domains_[row.topic] = row.domain;
      inputs_[row.topic] = std::max(inputs_[row.topic], row.images.size());
    }
  }

  std::set<std::string> choose(Random random) {
    for (const auto& [inputs, topics] : by_inputs()) take(best(shuffled(topics, random)));
    for (const auto& [language, topics] : sizes_) {
      std::vector<std::string> order;
      for (const auto& [topic, rows] : topics) order.push_back(topic);
      order = shuffled(std::move(order), random);
      while (static_cast<double>(taken_[language]) < share_ * static_cast<double>(sum(topics))) take(best(order));
    }
    return std::move(test_);
  }

 private:
  static std::vector<std::string> shuffled(std::vector<std::string> order, Random& random) {
    for (std::size_t at = order.size(); at > 1; --at) std::swap(order[at - 1], order[random.below(at)]);
    return order;
  }

  /// Topics with input pictures by how many; one of each kind is tested.
  [[nodiscard]] std::map<std::size_t, std::vector<std::string>> by_inputs() const {
    std::map<std::size_t, std::vector<std::string>> topics;
    for (const auto& [topic, inputs] : inputs_)
      if (inputs > 0) topics[inputs].push_back(topic);
    return topics;
  }

  /// The topic that leaves every language room, of the domain that the test split has least of.
  [[nodiscard]] std::string best(const std::vector<std::string>& order) const {
    const auto worth = [this](const std::string& topic) {
      const auto domain = tested_domains_.find(domains_.at(topic));
      return std::tuple(test_.contains(topic), !leaves_room(topic),
                        domain == tested_domains_.end() ? 0 : domain->second);
    };
    return *std::ranges::min_element(order, {}, worth);
  }

  /// No language gets more than twice its share.
  [[nodiscard]] bool leaves_room(const std::string& topic) const {
    return std::ranges::all_of(sizes_, [&](const auto& language) {
      const auto rows = language.second.find(topic);
      if (rows == language.second.end()) return true;
      const auto taken = taken_.find(language.first);
      const std::size_t before = taken == taken_.end() ? 0 : taken->second;
      return static_cast<double>(before + rows->second) <= 2 * share_ * static_cast<double>(sum(language.second));
    });
  }

  void take(const std::string& topic) {
    test_.insert(topic);
    ++tested_domains_[domains_[topic]];
    for (const auto& [language, topics] : sizes_)
      if (const auto rows = topics.find(topic); rows != topics.end()) taken_[language] += rows->second;
  }

  double share_;
  Sizes sizes_;
  std::map<std::string, std::string> domains_;
  std::map<std::string, std::size_t> inputs_;
  std::map<std::string, int> tested_domains_;
  std::map<std::string, std::size_t> taken_;
  std::set<std::string> test_;
};

}  // namespace

void split_by_topic(std::vector<Row>& rows, double share, std::uint64_t seed) {
  const std::set<std::string> test = Choice(rows, share).choose(Random(derived_seed(seed, 0x5EED)));
  for (Row& row : rows) row.test = test.contains(row.topic);
}

}  // namespace llmi::data
