#include "eval/bootstrap.h"

#include <gtest/gtest.h>

#include <vector>

namespace llmi::eval {
namespace {

std::vector<Share> coins(std::size_t heads, std::size_t tails) {
  std::vector<Share> shares(heads, {1, 1});
  shares.resize(heads + tails, {0, 1});
  return shares;
}

TEST(Bootstrap, RatioIsOfSums) {
  EXPECT_DOUBLE_EQ(ratio(std::vector<Share>{{1, 1}, {0, 3}}), 0.25);
  EXPECT_DOUBLE_EQ(ratio({}), 0);
}

// The normal approximation for 40 of 100: 0.4 ± 1.96 * 0.049.
TEST(Bootstrap, IntervalOfAShareIsThatOfTheBinomial) {
  const Interval interval = bootstrap(coins(40, 60), 1);
  EXPECT_NEAR(interval.low, 0.304, 0.02);
  EXPECT_NEAR(interval.high, 0.496, 0.02);
}

TEST(Bootstrap, TheSeedDecides) {
  const auto shares = coins(7, 6);
  EXPECT_EQ(bootstrap(shares, 5).low, bootstrap(shares, 5).low);
  EXPECT_EQ(bootstrap(shares, 5).high, bootstrap(shares, 5).high);
}

TEST(Bootstrap, OneSampleHasNoWidth) {
  const Interval interval = bootstrap(std::vector<Share>{{3, 4}}, 1);
  EXPECT_DOUBLE_EQ(interval.low, 0.75);
  EXPECT_DOUBLE_EQ(interval.high, 0.75);
}

TEST(Bootstrap, DrawsWithoutWeightAreDrawnAgain) {
  std::vector<Share> shares(20, {0, 0});
  shares[3] = {1, 2};
  const Interval interval = bootstrap(shares, 1);
  EXPECT_DOUBLE_EQ(interval.low, 0.5);
  EXPECT_DOUBLE_EQ(interval.high, 0.5);
}

// Pairs are drawn as one: where the second is always better by 1, that is certain however much the samples differ.
TEST(Bootstrap, DifferenceGoesByPairs) {
  std::vector<Share> first;
  std::vector<Share> second;
  for (int i = 0; i < 30; ++i) {
    first.push_back({static_cast<double>(i % 7), 1});
    second.push_back({static_cast<double>(i % 7) + 1, 1});
  }
  const Interval interval = bootstrap_difference(first, second, 1);
  EXPECT_NEAR(interval.low, 1, 1e-9);
  EXPECT_NEAR(interval.high, 1, 1e-9);
}

}  // namespace
}  // namespace llmi::eval
