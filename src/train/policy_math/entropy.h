#pragma once

#include <span>
#include <vector>

namespace llmi::train::policy_math {

struct Entropy {
  double value = 0;              ///< In nats, 0 … log(number of words).
  std::vector<double> gradient;  ///< [words], by the logits.
};

/// The entropy of p = softmax(logits), H = -Σ p log p, and dH/dlogit_k = -p_k (log p_k + H) (Shannon 1948, section 6;
/// the slope follows from dp_j/dlogit_k = p_j (δ_jk - p_k)). `logits` `[words]` of one position; a word that is masked
/// out has -infinity. An entropy bonus of coefficient c subtracts c H from the loss. Throws std::invalid_argument where
/// no logit is above -infinity.
[[nodiscard]] Entropy entropy(std::span<const double> logits);

}  // namespace llmi::train::policy_math
