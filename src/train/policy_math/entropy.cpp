#include "train/policy_math/entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "train/policy_math/shape.h"

namespace llmi::train::policy_math {
namespace {

/// log Σ exp(logits), of which none is above `most`.
double log_sum_exp(std::span<const double> logits, double most) {
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - most);
  return most + std::log(sum);
}

}  // namespace

Entropy entropy(std::span<const double> logits) {
  constexpr double kMasked = -std::numeric_limits<double>::infinity();
  const double most = logits.empty() ? kMasked : std::ranges::max(logits);
  require(most != kMasked, "no logit above -infinity");
  const double normaliser = log_sum_exp(logits, most);
  Entropy entropy{.gradient = std::vector<double>(logits.size(), 0.0)};
  for (const double logit : logits) {
    if (logit != kMasked) entropy.value -= std::exp(logit - normaliser) * (logit - normaliser);
  }
  for (std::size_t k = 0; k < logits.size(); ++k) {
    const double logprob = logits[k] - normaliser;
    if (logits[k] != kMasked) entropy.gradient[k] = -std::exp(logprob) * (logprob + entropy.value);
  }
  return entropy;
}

}  // namespace llmi::train::policy_math
