#include "train/policy_math/aggregation.h"

#include <algorithm>

#include "train/policy_math/shape.h"

namespace llmi::train::policy_math {
namespace {

/// The weight of each token of a completion of `length` tokens, of which there is at least one.
double token_weight(Aggregation how, std::size_t length, StepSize step) {
  switch (how) {
    case Aggregation::kTokenMean:
      return 1 / static_cast<double>(step.tokens);
    case Aggregation::kSequenceMeanOfTokenMean:
      return 1 / (static_cast<double>(step.completions) * static_cast<double>(length));
    case Aggregation::kSequenceSum:
      return 1 / static_cast<double>(step.completions);
  }
  return 0;
}

}  // namespace

StepSize step_size(std::span<const std::size_t> lengths) {
  const auto empty = static_cast<std::size_t>(std::ranges::count(lengths, std::size_t{0}));
  return {.completions = lengths.size() - empty, .tokens = token_count(lengths)};
}

Objective aggregate(const TokenTerms& terms, std::span<const std::size_t> lengths, Aggregation how, StepSize step) {
  const StepSize here = step_size(lengths);
  require(terms.values.size() == here.tokens && terms.gradients.size() == here.tokens,
          "lengths that do not add up to the tokens");
  require(step.tokens >= here.tokens && step.completions >= here.completions, "step smaller than its micro-batch");
  Objective objective;
  objective.gradient.reserve(here.tokens);
  for (const std::size_t length : lengths) {
    if (length == 0) continue;
    const double weight = token_weight(how, length, step);
    const std::size_t end = objective.gradient.size() + length;
    for (std::size_t t = objective.gradient.size(); t < end; ++t) {
      objective.value += weight * terms.values[t];
      objective.gradient.push_back(weight * terms.gradients[t]);
    }
  }
  return objective;
}

}  // namespace llmi::train::policy_math
