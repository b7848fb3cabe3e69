#include "train/policy_math/entropy.h"

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

using Numbers = std::vector<double>;

constexpr double kMasked = -std::numeric_limits<double>::infinity();

Numbers any_logits() {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  return random_numbers(random, *rc::gen::inRange<std::size_t>(1, 9), -5, 5);
}

TEST(Entropy, OfEqualWords) {
  const Entropy equal = entropy(Numbers(8, 3));
  EXPECT_DOUBLE_EQ(equal.value, std::log(8));
  for (const double slope : equal.gradient) EXPECT_NEAR(slope, 0, 1e-15);
}

TEST(Entropy, OfTwoWords) {
  // p = 1/4 and 3/4.
  EXPECT_NEAR(entropy(Numbers{0, std::log(3)}).value, std::log(4) - 0.75 * std::log(3), 1e-15);
}

TEST(Entropy, LargeLogitsDoNotOverflow) {
  EXPECT_NEAR(entropy(Numbers{1000, 1000}).value, std::log(2), 1e-12);
  EXPECT_NEAR(entropy(Numbers{1000, -1000}).value, 0, 1e-12);
}

TEST(Entropy, MaskedWordsDoNotCount) {
  const Entropy masked = entropy(Numbers{1, kMasked, 1});
  EXPECT_DOUBLE_EQ(masked.value, std::log(2));
  EXPECT_EQ(masked.gradient[1], 0);
  EXPECT_THROW(entropy(Numbers{kMasked}), std::invalid_argument);
  EXPECT_THROW(entropy({}), std::invalid_argument);
}

TEST(Entropy, WhatIsNoNumberStaysNone) {
  for (const Numbers& logits : {Numbers{std::nan(""), 0}, Numbers{0, std::nan("")}, Numbers{std::nan(""), kMasked}})
    EXPECT_TRUE(std::isnan(entropy(logits).value));
}

RC_GTEST_PROP(EntropyProperty, GradientByFiniteDifferences, ()) {
  constexpr double kStep = 1e-5;
  const Numbers logits = any_logits();
  const Numbers gradient = entropy(logits).gradient;
  for (std::size_t k = 0; k < logits.size(); ++k) {
    Numbers more = logits;
    Numbers less = logits;
    more[k] += kStep;
    less[k] -= kStep;
    RC_ASSERT(std::abs((entropy(more).value - entropy(less).value) / (2 * kStep) - gradient[k]) < 1e-8);
  }
}

RC_GTEST_PROP(EntropyProperty, InRangeAndBlindToAShift, ()) {
  Numbers logits = any_logits();
  const Entropy found = entropy(logits);
  RC_ASSERT(found.value >= 0);
  RC_ASSERT(found.value <= std::log(static_cast<double>(logits.size())) + 1e-12);
  RC_ASSERT(std::abs(std::accumulate(found.gradient.begin(), found.gradient.end(), 0.0)) < 1e-12);
  for (double& logit : logits) logit += 7;
  RC_ASSERT(std::abs(entropy(logits).value - found.value) < 1e-12);
}

}  // namespace
}  // namespace llmi::train::policy_math
