// What gradients against finite differences (decoder_test.cpp) do not see: values, bounds and what is not finite.
#include "train/torch/kernels.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace llmi::train::kernels {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

struct Scores {
  float log_sum = 0;
  double log_prob = 0, entropy = 0;
};

Scores score(const std::vector<float>& logits, std::int64_t target) {
  Scores scores;
  score_rows(logits.data(), &target, &scores.log_sum, &scores.log_prob, &scores.entropy, 1,
             static_cast<std::int64_t>(logits.size()));
  return scores;
}

TEST(ScoreRows, AreThoseOfTheDefinition) {
  const std::vector<float> logits = {1.5F, -2, 0.25F, 30, 29, -80};
  double sum = 0, entropy = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - 30);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double log_prob = logits[i] - 30 - std::log(sum);
    entropy -= std::exp(log_prob) * log_prob;
    EXPECT_NEAR(score(logits, static_cast<std::int64_t>(i)).log_prob, log_prob, 1e-5);
  }
  EXPECT_NEAR(score(logits, 0).entropy, entropy, 1e-6);
  EXPECT_NEAR(score(std::vector<float>(1000, 7), 3).entropy, std::log(1000), 1e-5);
}

TEST(ScoreRows, TheSlopeIsTheTargetLessTheProbabilities) {
  std::vector<float> logits = {0, std::log(3.0F), -200};
  const std::int64_t target = 1;
  const Scores scores = score(logits, target);
  const float slope = 2;
  score_rows_backward(logits.data(), &target, &scores.log_sum, &slope, 1, 3);
  EXPECT_NEAR(logits[0], -0.5, 1e-6);
  EXPECT_NEAR(logits[1], 0.5, 1e-6);
  EXPECT_EQ(logits[2], 0);
}

TEST(ScoreRows, WhatIsNotFiniteIsNotHidden) {
  EXPECT_TRUE(std::isnan(score({1, kNan, 2}, 0).log_prob));
  EXPECT_FALSE(std::isfinite(score({1, std::numeric_limits<float>::infinity(), 2}, 0).log_prob));
}

TEST(CausalSoftmax, SeesNothingThatComesLater) {
  std::vector<float> x = {0, kNan, kNan, 0, std::log(3.0F), kNan};
  std::array<float, 2> log_sums{};
  causal_softmax(x.data(), log_sums.data(), 2, 3, 0, 1);
  const std::array expected = {1.0F, 0.0F, 0.0F, 0.25F, 0.75F, 0.0F};
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(x[i], expected.at(i), 1e-6) << i;
  EXPECT_NEAR(log_sums[1], std::log(4.0F), 1e-6);
}

TEST(GatedSilu, HoldsAtTheEndsOfItsRange) {
  const std::array gate = {-1000.0F, -88.5F, 0.0F, 1.0F, 1000.0F, kNan};
  const std::array up = {2.0F, 2.0F, 2.0F, 2.0F, 2.0F, 2.0F};
  std::array<float, 6> out{};
  gated_silu(gate.data(), up.data(), out.data(), 6);
  EXPECT_NEAR(out[0], 0, 1e-30);
  EXPECT_NEAR(out[1], 0, 1e-30);
  EXPECT_EQ(out[2], 0);
  EXPECT_NEAR(out[3], 2 / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_EQ(out[4], 2000);
  EXPECT_TRUE(std::isnan(out[5]));
}

TEST(Rotate, TurnsBack) {
  std::vector<float> x = {1, 2, 3, 4};
  const std::array cosines = {0.6F, 0.0F};
  const std::array sines = {0.8F, 1.0F};
  rotate(x.data(), cosines.data(), sines.data(), 1, 1, 4, 1);
  EXPECT_NEAR(x[0], 0.6 * 1 - 0.8 * 3, 1e-6);
  EXPECT_NEAR(x[3], 2, 1e-6);
  rotate(x.data(), cosines.data(), sines.data(), 1, 1, 4, -1);
  EXPECT_NEAR(x[2], 3, 1e-6);
}

TEST(AdamW, FirstStepIsTheLearningRateAndTheDecay) {
  std::array<float, 2> values = {1, -1}, means{}, squares{};
  const std::array<float, 2> gradients = {0.5F, -3};
  adamw(values.data(), gradients.data(), means.data(), squares.data(), 2,
        {.learning_rate = 0.1F,
         .beta1 = 0.9F,
         .beta2 = 0.999F,
         .epsilon = 1e-8F,
         .weight_decay = 0.1F,
         .correction1 = 0.1F,
         .correction2 = 0.001F,
         .gradient_scale = 1});
  EXPECT_NEAR(values[0], 1 - 0.1 * (1 + 0.1), 1e-5);
  EXPECT_NEAR(values[1], -1 + 0.1 * (1 + 0.1), 1e-5);
  EXPECT_NEAR(means[1], -0.3, 1e-6);
}

}  // namespace
}  // namespace llmi::train::kernels
