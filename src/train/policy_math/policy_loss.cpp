#include "train/policy_math/policy_loss.h"

#include <algorithm>
#include <vector>

#include "train/policy_math/ratio.h"
#include "train/policy_math/shape.h"

namespace llmi::train::policy_math {
namespace {

struct Term {
  double value = 0;
  double slope = 0;
};

std::vector<Ratio> ratios_of(const PolicyBatch& batch, RatioLevel level) {
  if (level == RatioLevel::kSequence) return sequence_ratios(batch.logprobs, batch.old_logprobs, batch.lengths);
  return token_ratios(batch.logprobs, batch.old_logprobs);
}

// The comparisons let a NaN through to value and slope.
Term clipped(const Ratio& ratio, double advantage, const ClipRule& rule, Cuts& cuts) {
  const double free = -advantage * ratio.value;
  const double held = -advantage * std::clamp(ratio.value, 1 - rule.low, 1 + rule.high);
  if (held > free) {
    ++(advantage < 0 ? cuts.low : cuts.high);
    return {held, 0};
  }
  if (advantage < 0 && free > -advantage * rule.dual) {
    ++cuts.dual;
    return {-advantage * rule.dual, 0};
  }
  if (ratio.saturated) {
    ++cuts.saturated;
    return {free, 0};
  }
  return {free, free};
}

void check(const PolicyBatch& batch, const ClipRule& rule) {
  require(batch.advantages.size() == batch.lengths.size(),
          "advantages and lengths of different numbers of completions");
  require(batch.logprobs.size() == token_count(batch.lengths), "lengths that do not add up to the tokens");
  require(rule.low >= 0 && rule.low < 1 && rule.high >= 0, "clip range outside [0, 1) and [0, ∞)");
  require(rule.dual > 1, "dual clip not over 1");
}

}  // namespace

PolicyLoss policy_loss(const PolicyBatch& batch, const ClipRule& rule) {
  check(batch, rule);
  const std::vector<Ratio> ratios = ratios_of(batch, rule.level);
  PolicyLoss loss;
  loss.terms.values.reserve(ratios.size());
  loss.terms.gradients.reserve(ratios.size());
  std::size_t token = 0;
  for (std::size_t i = 0; i < batch.lengths.size(); ++i) {
    for (const std::size_t end = token + batch.lengths[i]; token < end; ++token) {
      const Term term = clipped(ratios[token], batch.advantages[i], rule, loss.cuts);
      loss.terms.values.push_back(term.value);
      loss.terms.gradients.push_back(term.slope);
    }
  }
  return loss;
}

}  // namespace llmi::train::policy_math
