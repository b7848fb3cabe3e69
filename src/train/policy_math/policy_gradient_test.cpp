// The whole of a training step's mathematics: rewards to advantages, loss, weights, penalty and aggregation. The
// gradient is checked against finite differences of the loss.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "train/policy_math/advantage.h"
#include "train/policy_math/aggregation.h"
#include "train/policy_math/importance.h"
#include "train/policy_math/kl.h"
#include "train/policy_math/policy_loss.h"
#include "train/policy_math/ratio.h"
#include "train/policy_math/testing_batch.h"

namespace llmi::train::policy_math {
namespace {

using Numbers = std::vector<double>;

constexpr Aggregation kAggregations[] = {Aggregation::kTokenMean, Aggregation::kSequenceMeanOfTokenMean,
                                         Aggregation::kSequenceSum};
constexpr ClipRule kRules[] = {
    {.low = 0.2, .high = 0.28, .dual = 4},
    {.level = RatioLevel::kSequence, .low = 0.2, .high = 0.28},
};

/// A step's loss with weights and a KL penalty.
struct Step {
  ClipRule rule;
  Aggregation how;
  Numbers weights;
  Numbers reference;

  [[nodiscard]] Objective operator()(const TestBatch& batch) const {
    TokenTerms terms = policy_loss(batch.view(), rule).terms;
    weigh(terms, weights);
    add_scaled(terms, kl_terms(batch.logprobs, reference, KlEstimator::kK3), 0.1);
    return aggregate(terms, batch.lengths, how, step_size(batch.lengths));
  }
};

/// True where the loss bends within the step of a finite difference.
bool near_a_bend(const TestBatch& batch, const ClipRule& rule) {
  const std::vector<Ratio> ratios = rule.level == RatioLevel::kToken
                                        ? token_ratios(batch.logprobs, batch.old_logprobs)
                                        : sequence_ratios(batch.logprobs, batch.old_logprobs, batch.lengths);
  for (const Ratio& ratio : ratios) {
    for (const double bend : {1 - rule.low, 1 + rule.high, rule.dual})
      if (std::abs(ratio.value - bend) < 1e-4) return true;
  }
  return false;
}

/// Weights that are equal within a completion, as a ratio of the completion needs them, or not.
Numbers any_weights(const TestBatch& batch, const ClipRule& rule, Random& random) {
  const Numbers sampler = random_numbers(random, batch.logprobs.size(), -4, 0);
  const Mismatch mismatch{batch.old_logprobs, sampler};
  return rule.level == RatioLevel::kToken ? token_weights(mismatch, 2).values
                                          : sequence_weights(mismatch, batch.lengths, 2).values;
}

RC_GTEST_PROP(PolicyGradient, ByFiniteDifferences, ()) {
  constexpr double kStep = 1e-6;
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  TestBatch batch = random_batch(random.next(), 2);
  for (const ClipRule& rule : kRules) {
    if (near_a_bend(batch, rule)) RC_DISCARD("a bend");
    for (const Aggregation how : kAggregations) {
      const Step step{rule, how, any_weights(batch, rule, random),
                      random_numbers(random, batch.logprobs.size(), -4, 0)};
      const Numbers gradient = step(batch).gradient;
      for (std::size_t t = 0; t < gradient.size(); ++t) {
        const double here = batch.logprobs[t];
        batch.logprobs[t] = here + kStep;
        const double more = step(batch).value;
        batch.logprobs[t] = here - kStep;
        const double less = step(batch).value;
        batch.logprobs[t] = here;
        RC_ASSERT(std::abs((more - less) / (2 * kStep) - gradient[t]) < 1e-6 * (1 + std::abs(gradient[t])));
      }
    }
  }
}

RC_GTEST_PROP(PolicyGradient, AGroupOfEqualRewardsGivesNone, ()) {
  TestBatch batch = random_batch(*rc::gen::arbitrary<std::uint64_t>(), 25);
  batch.advantages = group_advantages(Numbers(batch.lengths.size(), 0.1), Baseline::kStandardised).values;
  for (const ClipRule& rule : {kGrpoClip, kGspoClip}) {
    const TokenTerms terms = policy_loss(batch.view(), rule).terms;
    for (const Aggregation how : kAggregations) {
      const Objective objective = aggregate(terms, batch.lengths, how, step_size(batch.lengths));
      RC_ASSERT(objective.value == 0);
      for (const double slope : objective.gradient) RC_ASSERT(slope == 0);
    }
  }
}

// On-policy the loss of a group is 0, and its gradient is that of REINFORCE: -A / n for each of n tokens.
TEST(PolicyGradient, OnPolicyItIsReinforce) {
  TestBatch batch{.lengths = {2, 2}, .old_logprobs = {-1, -2, -3, -0.5}, .logprobs = {-1, -2, -3, -0.5}};
  batch.advantages = group_advantages(Numbers{1, 0}, Baseline::kMean).values;
  for (const ClipRule& rule : {kGrpoClip, kGspoClip}) {
    const TokenTerms terms = policy_loss(batch.view(), rule).terms;
    const Objective objective = aggregate(terms, batch.lengths, Aggregation::kTokenMean, step_size(batch.lengths));
    EXPECT_DOUBLE_EQ(objective.value, 0);
    EXPECT_THAT(objective.gradient, testing::ElementsAre(-0.125, -0.125, 0.125, 0.125));
  }
}

}  // namespace
}  // namespace llmi::train::policy_math
