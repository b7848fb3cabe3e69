#pragma once

#include <cstdint>
#include <span>

#include "train/policy_math/token_terms.h"

namespace llmi::train::policy_math {

/// Estimators of KL(policy || reference) from tokens that the policy sampled, with d = log reference - log policy
/// (J. Schulman, "Approximating KL divergence", 2020, joschu.net/blog/kl-approx.html). The slopes are those of the
/// estimate as it stands, as in verl and TRL; what they are on average is another matter.
enum class KlEstimator : std::uint8_t {
  kK1,  ///< -d: unbiased, of high variance. Slope 1, on average no gradient at all: as a measure only.
  kK2,  ///< d²/2: biased, of low variance. Slope -d, on average exactly the gradient of KL(policy || reference).
  kK3,  ///< e^d - 1 - d: unbiased, never negative. Slope 1 - e^d, on average that of KL(reference || policy).
};

/// The estimate at each token and its slope. All `[tokens]`. Nothing is clamped, as in TRL 1.16; verl 0.9.1 clamps d to
/// [-20, 20] and k3 to at most 10. Throws std::invalid_argument for different sizes.
[[nodiscard]] TokenTerms kl_terms(std::span<const double> logprobs, std::span<const double> reference_logprobs,
                                  KlEstimator estimator);

}  // namespace llmi::train::policy_math
