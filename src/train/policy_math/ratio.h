#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace llmi::train::policy_math {

/// How much more likely the policy makes what its old version sampled.
struct Ratio {
  double value = 1;
  bool saturated = false;  ///< Its logarithm was clamped, so that it has no slope.
};

/// exp(logprobs[t] - old_logprobs[t]), the logarithm clamped to [-20, 20] as in verl 0.9.1 and OpenRLHF 0.11: PPO,
/// Schulman et al. 2017, arXiv:1707.06347, equation 6. All `[tokens]`. Throws std::invalid_argument for different
/// sizes.
[[nodiscard]] std::vector<Ratio> token_ratios(std::span<const double> logprobs, std::span<const double> old_logprobs);

/// exp(1/n Σ_t (logprobs[t] - old_logprobs[t])) over the n tokens of a completion: GSPO, Zheng et al. 2025,
/// arXiv:2507.18071, equation 7; the logarithm at most 10 as in verl 0.9.1. `[tokens]`: every token has the ratio of
/// its completion. Throws std::invalid_argument unless `lengths` add up to the size of both.
[[nodiscard]] std::vector<Ratio> sequence_ratios(std::span<const double> logprobs, std::span<const double> old_logprobs,
                                                 std::span<const std::size_t> lengths);

}  // namespace llmi::train::policy_math
