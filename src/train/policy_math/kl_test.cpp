#include "train/policy_math/kl.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <stdexcept>

#include "base/random.h"
#include "train/policy_math/testing_batch.h"

namespace llmi::train::policy_math {
namespace {

using Numbers = std::vector<double>;

constexpr KlEstimator kAll[] = {KlEstimator::kK1, KlEstimator::kK2, KlEstimator::kK3};

Numbers log_softmax(const Numbers& logits) {
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit);
  Numbers logprobs;
  for (const double logit : logits) logprobs.push_back(logit - std::log(sum));
  return logprobs;
}

double divergence(const Numbers& logprobs, const Numbers& other) {
  double sum = 0;
  for (std::size_t word = 0; word < logprobs.size(); ++word)
    sum += std::exp(logprobs[word]) * (logprobs[word] - other[word]);
  return sum;
}

/// Σ_w p(w) values[w] of a policy.
double expected(const Numbers& logprobs, const Numbers& values) {
  double sum = 0;
  for (std::size_t word = 0; word < logprobs.size(); ++word) sum += std::exp(logprobs[word]) * values[word];
  return sum;
}

/// The expected gradient by logit k: E_w[slope(w) (δ_wk - p_k)].
double expected_gradient(const Numbers& logprobs, const Numbers& slopes, std::size_t k) {
  return std::exp(logprobs[k]) * (slopes[k] - expected(logprobs, slopes));
}

/// A policy's logits and what a reference thinks, over six words.
struct Pair {
  Numbers logits;
  Numbers logprobs;
  Numbers reference;
};

Pair any_pair() {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  const Numbers logits = random_numbers(random, 6, -1, 1);
  return {logits, log_softmax(logits), log_softmax(random_numbers(random, 6, -1, 1))};
}

/// d KL / d logit k by central differences, KL(policy || reference) or the other way round.
double divergence_slope(const Pair& pair, std::size_t k, bool reversed) {
  constexpr double kStep = 1e-5;
  const auto at = [&](double step) {
    Numbers moved = pair.logits;
    moved[k] += step;
    return reversed ? divergence(pair.reference, log_softmax(moved)) : divergence(log_softmax(moved), pair.reference);
  };
  return (at(kStep) - at(-kStep)) / (2 * kStep);
}

TEST(Kl, Values) {
  const Numbers policy{-1};
  const Numbers reference{-1.5};
  EXPECT_DOUBLE_EQ(kl_terms(policy, reference, KlEstimator::kK1).values[0], 0.5);
  EXPECT_DOUBLE_EQ(kl_terms(policy, reference, KlEstimator::kK2).values[0], 0.125);
  EXPECT_DOUBLE_EQ(kl_terms(policy, reference, KlEstimator::kK3).values[0], std::exp(-0.5) - 1 + 0.5);
}

TEST(Kl, SmallDifferencesKeepTheirDigits) {
  EXPECT_NEAR(kl_terms(Numbers{0}, Numbers{1e-6}, KlEstimator::kK3).values[0], 5e-13, 1e-18);
}

TEST(Kl, EqualPoliciesDoNotDiffer) {
  for (const KlEstimator estimator : kAll) EXPECT_EQ(kl_terms(Numbers{-2}, Numbers{-2}, estimator).values[0], 0);
}

TEST(Kl, SizesMustFit) { EXPECT_THROW(kl_terms(Numbers{0}, Numbers{0, 0}, KlEstimator::kK1), std::invalid_argument); }

RC_GTEST_PROP(KlProperty, SlopesAreThoseOfTheEstimates, ()) {
  constexpr double kStep = 1e-6;
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  const double policy = between(random, -5, 0);
  const Numbers reference{between(random, -5, 0)};
  for (const KlEstimator estimator : kAll) {
    const auto at = [&](double step) { return kl_terms(Numbers{policy + step}, reference, estimator).values[0]; };
    const double slope = kl_terms(Numbers{policy}, reference, estimator).gradients[0];
    RC_ASSERT(std::abs((at(kStep) - at(-kStep)) / (2 * kStep) - slope) < 1e-6 * (1 + std::abs(slope)));
  }
}

RC_GTEST_PROP(KlProperty, K1AndK3AreTheDivergenceOnAverage, ()) {
  const Pair pair = any_pair();
  const double truth = divergence(pair.logprobs, pair.reference);
  for (const KlEstimator estimator : {KlEstimator::kK1, KlEstimator::kK3}) {
    const TokenTerms terms = kl_terms(pair.logprobs, pair.reference, estimator);
    RC_ASSERT(std::abs(expected(pair.logprobs, terms.values) - truth) < 1e-12);
  }
}

RC_GTEST_PROP(KlProperty, K2AndK3AreNeverNegative, ()) {
  const Pair pair = any_pair();
  for (const KlEstimator estimator : {KlEstimator::kK2, KlEstimator::kK3}) {
    for (const double value : kl_terms(pair.logprobs, pair.reference, estimator).values) RC_ASSERT(value >= 0);
  }
}

RC_GTEST_PROP(KlProperty, GradientsOnAverage, ()) {
  const Pair pair = any_pair();
  const Numbers k1 = kl_terms(pair.logprobs, pair.reference, KlEstimator::kK1).gradients;
  const Numbers k2 = kl_terms(pair.logprobs, pair.reference, KlEstimator::kK2).gradients;
  const Numbers k3 = kl_terms(pair.logprobs, pair.reference, KlEstimator::kK3).gradients;
  for (std::size_t k = 0; k < pair.logits.size(); ++k) {
    RC_ASSERT(std::abs(expected_gradient(pair.logprobs, k1, k)) < 1e-12);
    RC_ASSERT(std::abs(expected_gradient(pair.logprobs, k2, k) - divergence_slope(pair, k, false)) < 1e-8);
    RC_ASSERT(std::abs(expected_gradient(pair.logprobs, k3, k) - divergence_slope(pair, k, true)) < 1e-8);
  }
}

}  // namespace
}  // namespace llmi::train::policy_math
