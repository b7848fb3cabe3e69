#include "train/policy_math/token_terms.h"

#include "train/policy_math/shape.h"

namespace llmi::train::policy_math {

void add_scaled(TokenTerms& terms, const TokenTerms& other, double factor) {
  require(terms.values.size() == other.values.size(), "terms of different numbers of tokens");
  for (std::size_t t = 0; t < terms.values.size(); ++t) {
    terms.values[t] += factor * other.values[t];
    terms.gradients[t] += factor * other.gradients[t];
  }
}

}  // namespace llmi::train::policy_math
