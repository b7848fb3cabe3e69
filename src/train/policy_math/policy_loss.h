#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "train/policy_math/token_terms.h"

namespace llmi::train::policy_math {

enum class RatioLevel : std::uint8_t {
  kToken,     ///< Each token its own ratio (GRPO, PPO).
  kSequence,  ///< One for the completion (GSPO).
};

/// How far the policy may move from its old version before a token teaches nothing more.
struct ClipRule {
  RatioLevel level = RatioLevel::kToken;
  double low = 0.2;   ///< Below 1 - low a worse completion earns nothing more; in [0, 1).
  double high = 0.2;  ///< Above 1 + high a better one earns nothing more; other than `low`: clip-higher (DAPO).
  double dual = std::numeric_limits<double>::infinity();  ///< Bound of a worse one's loss in |advantage|; over 1.
};

/// The clipping of the published GRPO and GSPO recipes.
inline constexpr ClipRule kGrpoClip{.dual = 10};
inline constexpr ClipRule kGspoClip{.level = RatioLevel::kSequence, .low = 3e-4, .high = 4e-4};

/// Completions and what is known of their tokens.
struct PolicyBatch {
  std::span<const double> logprobs;      ///< [tokens], under the policy that is being trained.
  std::span<const double> old_logprobs;  ///< [tokens], under the policy as it was when the step began.
  std::span<const double> advantages;    ///< [completions]
  std::span<const std::size_t> lengths;  ///< [completions]
};

/// How many tokens have no slope, by the reason.
struct Cuts {
  std::size_t low = 0;        ///< Ratio below 1 - low with a negative advantage.
  std::size_t high = 0;       ///< Ratio above 1 + high with a positive advantage.
  std::size_t dual = 0;       ///< Loss at its bound.
  std::size_t saturated = 0;  ///< None of these, but the ratio is saturated (ratio.h).
};

struct PolicyLoss {
  TokenTerms terms;
  Cuts cuts;
};

/// The clipped surrogate loss of each token, with r its ratio (ratio.h) and A its completion's advantage:
///
///     loss = max(-A r, -A clip(r, 1 - low, 1 + high))        PPO, arXiv:1707.06347, equation 7, negated;
///     for A < 0: loss = min(loss, -A dual)                   dual clip, Ye et al. 2020, arXiv:1912.09729;
///     low and high apart                                     clip-higher, DAPO, Yu et al. 2025, arXiv:2503.14476;
///     r of the completion                                    GSPO, Zheng et al. 2025, arXiv:2507.18071;
///
/// and its slope: -A r where the first argument decides, else 0. With a ratio of the completion this is the slope of
/// GSPO-token (there section 4.3), where r counts as constant but for its own token. After any aggregation of
/// aggregation.h it gives the exact gradient of the loss, because those weigh a completion's tokens alike; after
/// weights that differ within a completion (importance.h) it is that of GSPO-token, as in verl.
///
/// Throws std::invalid_argument for sizes that do not fit or a rule outside its range.
[[nodiscard]] PolicyLoss policy_loss(const PolicyBatch& batch, const ClipRule& rule);

}  // namespace llmi::train::policy_math
