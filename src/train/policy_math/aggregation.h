#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/policy_math/token_terms.h"

namespace llmi::train::policy_math {

/// How the terms l of tokens become one loss: N completions with n_i tokens each, T tokens in all. Completions without
/// tokens are not counted in N. The names in brackets are verl's (`agg_loss`).
enum class Aggregation : std::uint8_t {
  kTokenMean,                ///< 1/T Σ_i Σ_t l: DAPO, arXiv:2503.14476, section 3.3 (token-mean).
  kSequenceMeanOfTokenMean,  ///< 1/N Σ_i 1/n_i Σ_t l: GRPO and GSPO as published (seq-mean-token-mean).
  kSequenceSum,              ///< 1/N Σ_i Σ_t l: Dr. GRPO, arXiv:2503.20783, without its constant (seq-mean-token-sum).
};

/// What the means are taken over: N and T of the whole optimiser step.
struct StepSize {
  std::size_t completions = 0;  ///< N
  std::size_t tokens = 0;       ///< T
};

[[nodiscard]] StepSize step_size(std::span<const std::size_t> lengths);

struct Objective {
  double value = 0;
  std::vector<double> gradient;  ///< [tokens], by the log-probability of each token.
};

/// The loss of `terms` `[tokens]` of completions of `lengths` `[completions]`. Where they are a micro-batch, `step` is
/// the size of the whole step, and the losses and gradients of its micro-batches add up to those of the whole. Without
/// any token the loss is 0. Throws std::invalid_argument for sizes that do not fit and for a `step` smaller than the
/// batch.
[[nodiscard]] Objective aggregate(const TokenTerms& terms, std::span<const std::size_t> lengths, Aggregation how,
                                  StepSize step);

}  // namespace llmi::train::policy_math
