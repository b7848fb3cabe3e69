#pragma once

#include <cmath>

namespace llmi::agent {

/// Amounts in steps of a billionth: sums of prices like 0.1 must neither look odd nor miss a budget by the last bit.
[[nodiscard]] inline double rounded_money(double amount) {
  constexpr double kSteps = 1e9;
  return std::round(amount * kSteps) / kSteps;
}

/// Token prices are those of a million (TokenPrices).
inline constexpr double kTokensPerPrice = 1e6;

}  // namespace llmi::agent
