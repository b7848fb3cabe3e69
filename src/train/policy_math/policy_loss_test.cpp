#include "train/policy_math/policy_loss.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "train/policy_math/ratio.h"
#include "train/policy_math/testing_batch.h"

namespace llmi::train::policy_math {
namespace {

constexpr ClipRule kHigher{.low = 0.2, .high = 0.28, .dual = 10};

/// The loss of a completion of one token.
PolicyLoss one(double ratio, double advantage, const ClipRule& rule) {
  const TestBatch batch{
      .lengths = {1}, .advantages = {advantage}, .old_logprobs = {-1}, .logprobs = {std::log(ratio) - 1}};
  return policy_loss(batch.view(), rule);
}

struct Region {
  double ratio, advantage, value, slope;
  Cuts cuts;
};

class ClipRegion : public testing::TestWithParam<Region> {};

TEST_P(ClipRegion, LossAndSlope) {
  const Region& region = GetParam();
  const PolicyLoss loss = one(region.ratio, region.advantage, kHigher);
  EXPECT_NEAR(loss.terms.values[0], region.value, 1e-12);
  EXPECT_NEAR(loss.terms.gradients[0], region.slope, 1e-12);
  EXPECT_EQ(loss.cuts.low, region.cuts.low);
  EXPECT_EQ(loss.cuts.high, region.cuts.high);
  EXPECT_EQ(loss.cuts.dual, region.cuts.dual);
  EXPECT_EQ(loss.cuts.saturated, 0U);
}

INSTANTIATE_TEST_SUITE_P(Regions, ClipRegion,
                         testing::Values(Region{1, 2, -2, -2, {}},                // on-policy
                                         Region{1.25, 2, -2.5, -2.5, {}},         // good, below the higher bound
                                         Region{1.3, 2, -2.56, 0, {.high = 1}},   // good, pushed far enough
                                         Region{0.1, 2, -0.2, -0.2, {}},          // good, pushed the wrong way
                                         Region{0.9, -2, 1.8, 1.8, {}},           // bad, above the lower bound
                                         Region{0.7, -2, 1.6, 0, {.low = 1}},     // bad, pushed far enough
                                         Region{9.5, -2, 19, 19, {}},             // bad, pushed the wrong way
                                         Region{10.5, -2, 20, 0, {.dual = 1}},    // bad, at the bound of its loss
                                         Region{10.5, 2, -2.56, 0, {.high = 1}},  // the bound is for bad ones
                                         Region{3, 0, 0, 0, {}}));                // neither

TEST(PolicyLoss, WithoutDualClipTheLossIsNotBounded) {
  EXPECT_NEAR(one(50, -2, {}).terms.values[0], 100, 1e-9);
  EXPECT_NEAR(one(50, -2, {}).terms.gradients[0], 100, 1e-9);
}

TEST(PolicyLoss, ASaturatedRatioHasNoSlope) {
  const PolicyLoss loss = one(std::exp(21), -1, {});
  EXPECT_DOUBLE_EQ(loss.terms.values[0], std::exp(20));
  EXPECT_EQ(loss.terms.gradients[0], 0);
  EXPECT_EQ(loss.cuts.saturated, 1U);
  EXPECT_EQ(one(std::exp(11), -1, kGspoClip).cuts.saturated, 1U);
  EXPECT_EQ(one(std::exp(11), -1, {}).cuts.saturated, 0U);
}

TEST(PolicyLoss, OfACompletionIsTheSameForAllItsTokens) {
  const TestBatch batch{
      .lengths = {2, 1}, .advantages = {1, -1}, .old_logprobs = {-1, -1, -1}, .logprobs = {-1.1, -0.9, -1.0001}};
  const PolicyLoss loss = policy_loss(batch.view(), kGspoClip);
  EXPECT_NEAR(loss.terms.values[0], -1, 1e-12);
  EXPECT_NEAR(loss.terms.values[1], -1, 1e-12);
  EXPECT_NEAR(loss.terms.gradients[1], -1, 1e-12);
  EXPECT_NEAR(loss.terms.values[2], std::exp(-0.0001), 1e-12);
  EXPECT_EQ(policy_loss(batch.view(), kGrpoClip).cuts.low, 0U);
}

TEST(PolicyLoss, PublishedClipping) {
  EXPECT_EQ(one(1.2001, 1, kGrpoClip).cuts.high, 1U);
  EXPECT_EQ(one(1.1999, 1, kGrpoClip).cuts.high, 0U);
  EXPECT_EQ(one(0.7999, -1, kGrpoClip).cuts.low, 1U);
  EXPECT_EQ(one(10.001, -1, kGrpoClip).cuts.dual, 1U);
  EXPECT_EQ(one(1.00041, 1, kGspoClip).cuts.high, 1U);
  EXPECT_EQ(one(1.00039, 1, kGspoClip).cuts.high, 0U);
  EXPECT_EQ(one(0.99969, -1, kGspoClip).cuts.low, 1U);
  EXPECT_EQ(one(0.99971, -1, kGspoClip).cuts.low, 0U);
}

TEST(PolicyLoss, WhatIsNoNumberStaysNone) {
  for (const double advantage : {1.0, -1.0}) {
    const PolicyLoss loss = one(std::numeric_limits<double>::quiet_NaN(), advantage, kGrpoClip);
    EXPECT_TRUE(std::isnan(loss.terms.values[0]));
    EXPECT_TRUE(std::isnan(loss.terms.gradients[0]));
  }
}

TEST(PolicyLoss, SizesAndRangesMustFit) {
  TestBatch batch{.lengths = {2}, .advantages = {1}, .old_logprobs = {-1}, .logprobs = {-1}};
  EXPECT_THROW(policy_loss(batch.view(), kGrpoClip), std::invalid_argument);
  batch.lengths = {1, 0};
  EXPECT_THROW(policy_loss(batch.view(), kGrpoClip), std::invalid_argument);
  EXPECT_THROW(one(1, 1, {.low = 1}), std::invalid_argument);
  EXPECT_THROW(one(1, 1, {.high = -0.1}), std::invalid_argument);
  EXPECT_THROW(one(1, 1, {.dual = 1}), std::invalid_argument);
}

RC_GTEST_PROP(PolicyLossProperty, ALossIsBoundedByDualTimesTheAdvantage, ()) {
  const TestBatch batch = random_batch(*rc::gen::arbitrary<std::uint64_t>(), 30);
  const PolicyLoss loss = policy_loss(batch.view(), kGrpoClip);
  std::size_t token = 0;
  for (std::size_t i = 0; i < batch.lengths.size(); ++i) {
    for (const std::size_t end = token + batch.lengths[i]; token < end; ++token)
      RC_ASSERT(loss.terms.values[token] <= 10 * std::abs(batch.advantages[i]));
  }
}

// Clipping is pessimistic: it never makes a loss smaller.
RC_GTEST_PROP(PolicyLossProperty, ClippingFlattersNobody, ()) {
  const TestBatch batch = random_batch(*rc::gen::arbitrary<std::uint64_t>(), 3);
  const PolicyLoss loss = policy_loss(batch.view(), {});
  const std::vector<Ratio> ratios = token_ratios(batch.logprobs, batch.old_logprobs);
  std::size_t token = 0;
  for (std::size_t i = 0; i < batch.lengths.size(); ++i) {
    for (const std::size_t end = token + batch.lengths[i]; token < end; ++token)
      RC_ASSERT(loss.terms.values[token] >= -batch.advantages[i] * ratios[token].value);
  }
}

}  // namespace
}  // namespace llmi::train::policy_math
