#include "train/policy_math/importance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "train/policy_math/testing_batch.h"

namespace llmi::train::policy_math {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using Numbers = std::vector<double>;
using Lengths = std::vector<std::size_t>;

constexpr std::array<double, 4> kTrainer{-1, -2, -1, -1};
constexpr std::array<double, 4> kSampler{-1, -1.5, -3, -1.5};
constexpr Mismatch kMismatch{.trainer_logprobs = kTrainer, .sampler_logprobs = kSampler};

TEST(Importance, OfTokens) {
  const ImportanceWeights weights = token_weights(kMismatch, 2);
  EXPECT_THAT(weights.values, ElementsAre(1, DoubleEq(std::exp(-0.5)), 2, DoubleEq(std::exp(0.5))));
  EXPECT_EQ(weights.truncated, 1U);
}

TEST(Importance, OfACompletionIsTheProductOfItsTokens) {
  const ImportanceWeights weights = sequence_weights(kMismatch, Lengths{2, 0, 2}, 3);
  EXPECT_THAT(weights.values, ElementsAre(DoubleEq(std::exp(-0.5)), DoubleEq(std::exp(-0.5)), 3, 3));
  EXPECT_EQ(weights.truncated, 2U);
}

TEST(Importance, TheCapHoldsWhateverTheDifference) {
  const Numbers far{2000};
  EXPECT_THAT(token_weights({far, Numbers{0}}, 5).values, ElementsAre(5));
  EXPECT_THAT(token_weights({Numbers{0}, far}, 5).values, ElementsAre(0));
}

TEST(Importance, WhatIsNoNumberStaysNone) {
  EXPECT_TRUE(std::isnan(token_weights({Numbers{0}, Numbers{std::nan("")}}, 5).values[0]));
}

TEST(Importance, WeighsValueAndSlope) {
  TokenTerms terms{{1, 2}, {3, 4}};
  weigh(terms, Numbers{2, 0.5});
  EXPECT_THAT(terms.values, ElementsAre(2, 1));
  EXPECT_THAT(terms.gradients, ElementsAre(6, 2));
  EXPECT_THROW(weigh(terms, Numbers{1}), std::invalid_argument);
}

TEST(Importance, SizesAndRangesMustFit) {
  EXPECT_THROW(token_weights({kTrainer, Numbers{0}}, 2), std::invalid_argument);
  EXPECT_THROW(token_weights(kMismatch, 0), std::invalid_argument);
  EXPECT_THROW(token_weights(kMismatch, std::nan("")), std::invalid_argument);
  EXPECT_THROW(sequence_weights(kMismatch, Lengths{3}, 2), std::invalid_argument);
}

// Under the sampler, the untruncated weights are 1 on average: Σ_w q(w) p(w) / q(w) = 1.
RC_GTEST_PROP(ImportanceProperty, TheyAreOneOnAverageAndTruncationOnlyLowersThem, ()) {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  Numbers trainer = random_numbers(random, 5, 0.1, 1);
  Numbers sampler = random_numbers(random, 5, 0.1, 1);
  for (Numbers* policy : {&trainer, &sampler}) {
    double sum = 0;
    for (const double weight : *policy) sum += weight;
    for (double& weight : *policy) weight = std::log(weight / sum);
  }
  const auto average = [&](double cap) {
    const ImportanceWeights weights = token_weights({trainer, sampler}, cap);
    double sum = 0;
    for (std::size_t word = 0; word < 5; ++word) sum += std::exp(sampler[word]) * weights.values[word];
    return sum;
  };
  RC_ASSERT(std::abs(average(std::numeric_limits<double>::infinity()) - 1) < 1e-12);
  RC_ASSERT(average(1) <= 1 + 1e-12);
}

}  // namespace
}  // namespace llmi::train::policy_math
