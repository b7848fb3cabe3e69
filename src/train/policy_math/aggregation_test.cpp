#include "train/policy_math/aggregation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <stdexcept>

#include "train/policy_math/testing_batch.h"

namespace llmi::train::policy_math {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Lengths = std::vector<std::size_t>;

constexpr Aggregation kAll[] = {Aggregation::kTokenMean, Aggregation::kSequenceMeanOfTokenMean,
                                Aggregation::kSequenceSum};
constexpr std::array<std::size_t, 3> kLengths{2, 0, 4};

TokenTerms six_terms() { return {.values = {1, 3, 8, 8, 8, 8}, .gradients = {1, 2, 4, 4, 4, 8}}; }

Objective of(Aggregation how) { return aggregate(six_terms(), kLengths, how, step_size(kLengths)); }

TEST(Aggregation, MeanOfTokens) {
  EXPECT_DOUBLE_EQ(of(Aggregation::kTokenMean).value, 6);
  EXPECT_DOUBLE_EQ(of(Aggregation::kTokenMean).gradient[5], 8.0 / 6);
}

TEST(Aggregation, MeanOfCompletionsOfMeansOfTokens) {
  const Objective objective = of(Aggregation::kSequenceMeanOfTokenMean);
  EXPECT_DOUBLE_EQ(objective.value, 5);
  EXPECT_THAT(objective.gradient, ElementsAre(0.25, 0.5, 0.5, 0.5, 0.5, 1));
}

TEST(Aggregation, MeanOfCompletionsOfSums) {
  const Objective objective = of(Aggregation::kSequenceSum);
  EXPECT_DOUBLE_EQ(objective.value, 18);
  EXPECT_THAT(objective.gradient, ElementsAre(0.5, 1, 2, 2, 2, 4));
}

TEST(Aggregation, NothingIsNoLoss) {
  for (const Lengths& lengths : {Lengths{}, Lengths{0, 0}}) {
    for (const Aggregation how : kAll) {
      const Objective objective = aggregate({}, lengths, how, step_size(lengths));
      EXPECT_EQ(objective.value, 0);
      EXPECT_THAT(objective.gradient, IsEmpty());
    }
  }
}

TEST(Aggregation, SizesMustFit) {
  const Lengths other{2, 3};
  EXPECT_THROW(aggregate(six_terms(), other, Aggregation::kTokenMean, step_size(other)), std::invalid_argument);
  EXPECT_THROW(aggregate(six_terms(), kLengths, Aggregation::kTokenMean, {.completions = 2, .tokens = 5}),
               std::invalid_argument);
  EXPECT_THROW(aggregate(six_terms(), kLengths, Aggregation::kTokenMean, {.completions = 1, .tokens = 6}),
               std::invalid_argument);
}

TEST(TokenTerms, AddUp) {
  TokenTerms terms{{1, 2}, {3, 4}};
  add_scaled(terms, {{10, 20}, {30, 40}}, 0.1);
  EXPECT_THAT(terms.values, ElementsAre(2, 4));
  EXPECT_THAT(terms.gradients, ElementsAre(6, 8));
  EXPECT_THROW(add_scaled(terms, {{1}, {1}}, 1), std::invalid_argument);
}

RC_GTEST_PROP(AggregationProperty, MicroBatchesAddUpToTheStep, ()) {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  const TestBatch batch = random_batch(random.next(), 1);
  const std::size_t tokens = batch.logprobs.size();
  const TokenTerms terms{random_numbers(random, tokens, -1, 1), random_numbers(random, tokens, -1, 1)};
  for (const Aggregation how : kAll) {
    const StepSize step = step_size(batch.lengths);
    const Objective whole = aggregate(terms, batch.lengths, how, step);
    Objective sum;
    for (const std::size_t length : batch.lengths) {
      const auto first = static_cast<std::ptrdiff_t>(sum.gradient.size());
      const auto last = first + static_cast<std::ptrdiff_t>(length);
      const TokenTerms part{{terms.values.begin() + first, terms.values.begin() + last},
                            {terms.gradients.begin() + first, terms.gradients.begin() + last}};
      const Objective micro = aggregate(part, Lengths{length}, how, step);
      sum.value += micro.value;
      sum.gradient.insert(sum.gradient.end(), micro.gradient.begin(), micro.gradient.end());
    }
    RC_ASSERT(std::abs(sum.value - whole.value) < 1e-12);
    RC_ASSERT(sum.gradient == whole.gradient);
  }
}

}  // namespace
}  // namespace llmi::train::policy_math
