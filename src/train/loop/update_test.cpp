#include "train/loop/update.h"

#include <gtest/gtest.h>

#include "train/loop/testing_policy.h"

namespace llmi::train {
namespace {

Experience experience(std::vector<std::int32_t> tokens, double advantage, double sampler_shift = 0) {
  Experience result{.sequence = {.tokens = std::move(tokens), .prompt_tokens = 1}, .advantage = advantage};
  // The table is uniform over four words.
  result.sampler_log_probs.assign(result.sequence.tokens.size() - 1, -std::log(4.0) + sampler_shift);
  return result;
}

std::vector<Experience> experiences() {
  return {experience({1, 1, 1, 0}, 1.0), experience({1, 2, 0}, -0.5), experience({1, 3, 3, 3, 3, 0}, -0.5)};
}

std::vector<double> gradient(const Recipe& recipe, const std::vector<Experience>& batch) {
  TablePolicy policy(4);
  EXPECT_TRUE(learn(policy, recipe, batch, 0.1));
  return policy.last_gradient;
}

TEST(Learn, WhatEarnedMoreBecomesLikelier) {
  TablePolicy policy(4);
  const auto stats = learn(policy, {}, experiences(), 0.5);
  ASSERT_TRUE(stats);
  EXPECT_GT(policy.logits()[1], policy.logits()[2]);
  EXPECT_GT(policy.logits()[1], policy.logits()[3]);
  EXPECT_EQ(stats->tokens, 10U);
  EXPECT_NEAR(stats->entropy, std::log(4.0), 1e-12);
  EXPECT_EQ(stats->mismatch, 0);
  EXPECT_EQ(stats->clipped, 0);
}

TEST(Learn, MicroBatchesAddUpToTheWhole) {
  for (const auto aggregation :
       {policy_math::Aggregation::kTokenMean, policy_math::Aggregation::kSequenceMeanOfTokenMean,
        policy_math::Aggregation::kSequenceSum}) {
    Recipe whole{.aggregation = aggregation};
    Recipe small = whole;
    small.micro_tokens = 5;
    const auto expected = gradient(whole, experiences());
    const auto parts = gradient(small, experiences());
    for (std::size_t w = 0; w < expected.size(); ++w) EXPECT_NEAR(parts[w], expected[w], 1e-12);
    EXPECT_NE(expected, std::vector<double>(4, 0.0));
  }
}

TEST(Learn, WhatTheSamplerSawDifferentlyIsWeighedAndCapped) {
  TablePolicy policy(4);
  Recipe recipe{.importance_cap = 2.0};
  // The trainer finds the first twice, the second eight times as likely as the sampler did.
  const std::vector<Experience> batch{experience({1, 1, 0}, 1.0, -std::log(2.0)),
                                      experience({1, 2, 0}, 1.0, -std::log(8.0))};
  const auto stats = learn(policy, recipe, batch, 0.1);
  ASSERT_TRUE(stats);
  EXPECT_NEAR(stats->largest_mismatch, std::log(8.0), 1e-12);
  EXPECT_DOUBLE_EQ(stats->truncated, 0.5);
  // Both count twice.
  const std::vector<Experience> equal{experience({1, 1, 0}, 2.0), experience({1, 2, 0}, 2.0)};
  const auto expected = gradient(recipe, equal);
  for (std::size_t w = 0; w < 4; ++w) EXPECT_NEAR(policy.last_gradient[w], expected[w], 1e-12);
}

TEST(Learn, FurtherUpdatesAreHeldByTheClip) {
  TablePolicy policy(4);
  Recipe recipe{.updates = 3};
  const auto stats = learn(policy, recipe, experiences(), 50.0);
  ASSERT_TRUE(stats);
  EXPECT_GT(stats->clipped, 0);
}

TEST(Imitate, RaisesTheDemonstrationsLikelihood) {
  TablePolicy policy(4);
  Recipe recipe{.micro_tokens = 3};
  const std::vector<Experience> batch{{.sequence = {.tokens = {1, 2, 2, 0}, .prompt_tokens = 1}},
                                      {.sequence = {.tokens = {1, 2, 0}, .prompt_tokens = 1}}};
  const auto first = imitate(policy, recipe, batch, 1.0);
  const auto second = imitate(policy, recipe, batch, 1.0);
  ASSERT_TRUE(first && second);
  EXPECT_NEAR(first->loss, std::log(4.0), 1e-12);
  EXPECT_LT(second->loss, first->loss);
  EXPECT_GT(policy.logits()[2], policy.logits()[1]);
  EXPECT_GT(policy.batches, 2U);
}

}  // namespace
}  // namespace llmi::train
