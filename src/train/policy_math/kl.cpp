#include "train/policy_math/kl.h"

#include <cmath>

#include "train/policy_math/shape.h"

namespace llmi::train::policy_math {
namespace {

struct Term {
  double value = 0;
  double slope = 0;
};

Term estimate(double difference, KlEstimator estimator) {
  switch (estimator) {
    case KlEstimator::kK1:
      return {-difference, 1};
    case KlEstimator::kK2:
      return {difference * difference / 2, -difference};
    case KlEstimator::kK3:
      // expm1 keeps the digits where policy and reference hardly differ, which is where most tokens are.
      return {std::expm1(difference) - difference, -std::expm1(difference)};
  }
  return {};
}

}  // namespace

TokenTerms kl_terms(std::span<const double> logprobs, std::span<const double> reference_logprobs,
                    KlEstimator estimator) {
  require(logprobs.size() == reference_logprobs.size(), "log-probabilities of different numbers of tokens");
  TokenTerms terms{std::vector<double>(logprobs.size()), std::vector<double>(logprobs.size())};
  for (std::size_t t = 0; t < logprobs.size(); ++t) {
    const Term term = estimate(reference_logprobs[t] - logprobs[t], estimator);
    terms.values[t] = term.value;
    terms.gradients[t] = term.slope;
  }
  return terms;
}

}  // namespace llmi::train::policy_math
