#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "train/loop/recipe.h"
#include "train/policy.h"
#include "train/rollout/sampler.h"

namespace llmi::train {

/// A completion that is learnt from.
struct Experience {
  TokenSequence sequence;                 ///< Prompt and completion.
  std::vector<double> sampler_log_probs;  ///< [completion tokens]; empty for demonstrations.
  double advantage = 0;
};

/// What an optimiser step did.
struct UpdateStats {
  double loss = 0;
  double entropy = 0;   ///< Mean over tokens, in nats.
  double clipped = 0;   ///< Share of tokens without a slope.
  double mismatch = 0;  ///< Mean |log π of the trainer - of the sampler| over tokens.
  double largest_mismatch = 0;
  double truncated = 0;      ///< Share of tokens whose importance weight is capped.
  double gradient_norm = 0;  ///< Before clipping; the last update's.
  std::size_t tokens = 0;    ///< Completion tokens.
  std::size_t skipped = 0;   ///< Updates whose gradient was not finite.
};

/// One step of GRPO or GSPO: `recipe.updates` updates of the policy, each from its share of `experiences`.
/// Micro-batches of at most `recipe.micro_tokens` (a longer completion is one alone) add up to exactly the loss of the
/// whole. Errors: those of Policy.
[[nodiscard]] Result<UpdateStats> learn(Policy& policy, const Recipe& recipe, std::span<const Experience> experiences,
                                        double learning_rate);

/// One step of supervised learning: minus the mean log-probability of the demonstrations' tokens.
[[nodiscard]] Result<UpdateStats> imitate(Policy& policy, const Recipe& recipe, std::span<const Experience> experiences,
                                          double learning_rate);

}  // namespace llmi::train
