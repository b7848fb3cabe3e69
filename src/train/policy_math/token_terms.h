#pragma once

#include <span>
#include <vector>

namespace llmi::train::policy_math {

/// What each token adds to a loss before aggregation (aggregation.h), and its slope: `gradients[t]` is the derivative
/// of `values[t]` by the log-probability of token t under the policy that is being trained. Both `[tokens]`.
struct TokenTerms {
  std::vector<double> values;
  std::vector<double> gradients;
};

/// Adds `factor` times `other` to `terms`, as for a KL penalty. Throws std::invalid_argument unless both have as many
/// tokens.
void add_scaled(TokenTerms& terms, const TokenTerms& other, double factor);

}  // namespace llmi::train::policy_math
