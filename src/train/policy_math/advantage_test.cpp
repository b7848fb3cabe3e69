#include "train/policy_math/advantage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "base/random.h"
#include "train/policy_math/testing_batch.h"

namespace llmi::train::policy_math {
namespace {

using testing::Each;
using testing::ElementsAre;
using Rewards = std::vector<double>;

constexpr Baseline kBaselines[] = {Baseline::kStandardised, Baseline::kMean, Baseline::kLeaveOneOut};

Rewards any_rewards() {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  return random_numbers(random, *rc::gen::inRange<std::size_t>(2, 17), 0, 1);
}

TEST(Advantage, TheDeviationIsThatOfASample) {
  const GroupAdvantages group = group_advantages(Rewards{1, 0, 0, 1}, Baseline::kStandardised);
  EXPECT_DOUBLE_EQ(group.mean, 0.5);
  EXPECT_DOUBLE_EQ(group.deviation, std::sqrt(1.0 / 3));
  const double value = 0.5 / (std::sqrt(1.0 / 3) + 1e-6);
  EXPECT_THAT(group.values, ElementsAre(value, -value, -value, value));
  EXPECT_TRUE(group.teaches);
}

TEST(Advantage, WithoutTheDeviation) {
  EXPECT_THAT(group_advantages(Rewards{1, 0, 0.5}, Baseline::kMean).values, ElementsAre(0.5, -0.5, 0));
  EXPECT_THAT(group_advantages(Rewards{1, 0, 0.5}, Baseline::kLeaveOneOut).values, ElementsAre(0.75, -0.75, 0));
}

TEST(Advantage, EqualRewardsTeachNothing) {
  // 0.1 + 0.2 is not 0.3 but for rounding.
  for (const Rewards& rewards : {Rewards{0.7, 0.7, 0.7}, Rewards{0, 0}, Rewards{0.1 + 0.2, 0.3}, Rewards{0.4}}) {
    for (const Baseline baseline : kBaselines) {
      const GroupAdvantages group = group_advantages(rewards, baseline);
      EXPECT_FALSE(group.teaches);
      EXPECT_EQ(group.deviation, 0);
      EXPECT_EQ(group.values.size(), rewards.size());
      EXPECT_THAT(group.values, Each(0));
    }
  }
  EXPECT_FALSE(group_advantages({}, Baseline::kMean).teaches);
}

TEST(Advantage, SmallDifferencesTeach) {
  EXPECT_TRUE(group_advantages(Rewards{0.5, 0.5 + 1e-9}, Baseline::kMean).teaches);
  EXPECT_TRUE(group_advantages(Rewards{0, 1e-15}, Baseline::kMean).teaches);
}

TEST(Advantage, AMissingScoreIsNoReward) {
  const Rewards rewards{1, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_THROW(group_advantages(rewards, Baseline::kMean), std::invalid_argument);
}

RC_GTEST_PROP(AdvantageProperty, TheyAddUpToZero, ()) {
  const Rewards rewards = any_rewards();
  for (const Baseline baseline : kBaselines) {
    const GroupAdvantages group = group_advantages(rewards, baseline);
    RC_ASSERT(std::abs(std::accumulate(group.values.begin(), group.values.end(), 0.0)) < 1e-9);
  }
}

RC_GTEST_PROP(AdvantageProperty, TheBetterCompletionHasTheGreaterOne, ()) {
  const Rewards rewards = any_rewards();
  for (const Baseline baseline : kBaselines) {
    const GroupAdvantages group = group_advantages(rewards, baseline);
    RC_ASSERT((rewards[0] < rewards[1]) == (group.values[0] < group.values[1]));
  }
}

RC_GTEST_PROP(AdvantageProperty, WhatAllHaveInCommonDoesNotCount, ()) {
  const Rewards rewards = any_rewards();
  Rewards more = rewards;
  for (double& reward : more) reward += 3;
  for (const Baseline baseline : kBaselines) {
    const GroupAdvantages group = group_advantages(rewards, baseline);
    const GroupAdvantages raised = group_advantages(more, baseline);
    for (std::size_t i = 0; i < rewards.size(); ++i) RC_ASSERT(std::abs(group.values[i] - raised.values[i]) < 1e-7);
  }
}

// Samuelson's inequality: no value of a sample is further from the mean than (n - 1) / √n deviations.
RC_GTEST_PROP(AdvantageProperty, StandardisedOnesAreBounded, ()) {
  const Rewards rewards = any_rewards();
  const auto count = static_cast<double>(rewards.size());
  for (const double value : group_advantages(rewards, Baseline::kStandardised).values)
    RC_ASSERT(std::abs(value) <= (count - 1) / std::sqrt(count) + 1e-9);
}

RC_GTEST_PROP(AdvantageProperty, LeaveOneOutComparesWithTheOthers, ()) {
  const Rewards rewards = any_rewards();
  const double sum = std::accumulate(rewards.begin(), rewards.end(), 0.0);
  const GroupAdvantages group = group_advantages(rewards, Baseline::kLeaveOneOut);
  for (std::size_t i = 0; i < rewards.size(); ++i) {
    const double others = (sum - rewards[i]) / static_cast<double>(rewards.size() - 1);
    RC_ASSERT(std::abs(group.values[i] - (rewards[i] - others)) < 1e-12);
  }
}

}  // namespace
}  // namespace llmi::train::policy_math
