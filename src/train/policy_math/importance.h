#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "train/policy_math/token_terms.h"

namespace llmi::train::policy_math {

/// The engine that sampled and the trainer that learns compute the same policy a little differently, so that what was
/// sampled is slightly off-policy. Weights put that right; the cap bounds their variance at the price of a bias.
struct ImportanceWeights {
  std::vector<double> values;  ///< [tokens], in [0, cap].
  std::size_t truncated = 0;   ///< Tokens whose weight the cap decides.
};

/// Both log-probabilities of what was sampled, each `[tokens]`, for the policy as it was when the step began.
struct Mismatch {
  std::span<const double> trainer_logprobs;  ///< As the trainer computes them; no gradient goes through them.
  std::span<const double> sampler_logprobs;  ///< As the sampler computed them.
};

/// min(exp(trainer - sampler), cap) token by token (truncated importance sampling: Ionides 2008, "Truncated Importance
/// Sampling"; for this use Yao et al. 2025, "Your efficient RL framework secretly brings you off-policy RL training").
/// Throws std::invalid_argument for different sizes and for a cap that is not positive.
[[nodiscard]] ImportanceWeights token_weights(const Mismatch& mismatch, double cap);

/// min(exp(Σ_t (trainer - sampler)), cap) over the tokens of a completion, the same for all of them: the fit for a
/// ratio of the completion (`sequence` in verl's rollout correction, `sequence_truncate` in TRL). Throws as above, and
/// unless `lengths` add up to the tokens.
[[nodiscard]] ImportanceWeights sequence_weights(const Mismatch& mismatch, std::span<const std::size_t> lengths,
                                                 double cap);

/// Multiplies values and slopes of `terms` by `weights`, both `[tokens]`. Throws std::invalid_argument for other sizes.
void weigh(TokenTerms& terms, std::span<const double> weights);

}  // namespace llmi::train::policy_math
