#include "train/policy_math/ratio.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace llmi::train::policy_math {
namespace {

using Numbers = std::vector<double>;
using Lengths = std::vector<std::size_t>;

TEST(Ratio, OfTokens) {
  const auto ratios = token_ratios(Numbers{-1, -2, -3}, Numbers{-1, -1.5, -4});
  EXPECT_DOUBLE_EQ(ratios[0].value, 1);
  EXPECT_DOUBLE_EQ(ratios[1].value, std::exp(-0.5));
  EXPECT_DOUBLE_EQ(ratios[2].value, std::exp(1));
  EXPECT_FALSE(ratios[2].saturated);
}

TEST(Ratio, OfTokensSaturatesOnBothSides) {
  const auto ratios = token_ratios(Numbers{0, -25, -20}, Numbers{-25, 0, 0});
  EXPECT_DOUBLE_EQ(ratios[0].value, std::exp(20));
  EXPECT_DOUBLE_EQ(ratios[1].value, std::exp(-20));
  EXPECT_TRUE(ratios[0].saturated);
  EXPECT_TRUE(ratios[1].saturated);
  EXPECT_FALSE(ratios[2].saturated);
}

TEST(Ratio, OfACompletionIsTheGeometricMeanOfItsTokens) {
  const auto ratios = sequence_ratios(Numbers{-1, -2, -3, -1}, Numbers{-2, -2, -1, -1.5}, Lengths{3, 0, 1});
  ASSERT_EQ(ratios.size(), 4U);
  for (const int token : {0, 1, 2}) EXPECT_DOUBLE_EQ(ratios[token].value, std::exp(-1.0 / 3));
  EXPECT_DOUBLE_EQ(ratios[3].value, std::exp(0.5));
}

TEST(Ratio, OfACompletionSaturatesAbove) {
  const auto ratios = sequence_ratios(Numbers{0, 0, -30}, Numbers{-11, -10, 0}, Lengths{2, 1});
  EXPECT_DOUBLE_EQ(ratios[0].value, std::exp(10));
  EXPECT_TRUE(ratios[1].saturated);
  EXPECT_DOUBLE_EQ(ratios[2].value, std::exp(-30));
  EXPECT_FALSE(ratios[2].saturated);
}

TEST(Ratio, WhatIsNoNumberStaysNone) {
  const Numbers none{std::numeric_limits<double>::quiet_NaN()};
  EXPECT_TRUE(std::isnan(token_ratios(none, Numbers{0})[0].value));
  EXPECT_TRUE(std::isnan(sequence_ratios(none, Numbers{0}, Lengths{1})[0].value));
}

TEST(Ratio, SizesMustFit) {
  EXPECT_THROW(token_ratios(Numbers{0, 0}, Numbers{0}), std::invalid_argument);
  EXPECT_THROW(sequence_ratios(Numbers{0, 0}, Numbers{0}, Lengths{2}), std::invalid_argument);
  EXPECT_THROW(sequence_ratios(Numbers{0, 0}, Numbers{0, 0}, Lengths{1}), std::invalid_argument);
}

}  // namespace
}  // namespace llmi::train::policy_math
