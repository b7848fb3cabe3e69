#include "train/policy_math/importance.h"

#include <algorithm>
#include <cmath>

#include "train/policy_math/shape.h"

namespace llmi::train::policy_math {
namespace {

void check(const Mismatch& mismatch, double cap) {
  require(mismatch.trainer_logprobs.size() == mismatch.sampler_logprobs.size(),
          "log-probabilities of different numbers of tokens");
  require(cap > 0, "cap of importance weights not positive");
}

double log_weight(const Mismatch& mismatch, std::size_t token) {
  return mismatch.trainer_logprobs[token] - mismatch.sampler_logprobs[token];
}

/// The same weight for the next `count` tokens.
void append(ImportanceWeights& weights, double weight, double cap, std::size_t count) {
  weights.values.resize(weights.values.size() + count, std::min(weight, cap));
  if (weight > cap) weights.truncated += count;
}

}  // namespace

ImportanceWeights token_weights(const Mismatch& mismatch, double cap) {
  check(mismatch, cap);
  ImportanceWeights weights;
  weights.values.reserve(mismatch.trainer_logprobs.size());
  for (std::size_t t = 0; t < mismatch.trainer_logprobs.size(); ++t)
    append(weights, std::exp(log_weight(mismatch, t)), cap, 1);
  return weights;
}

ImportanceWeights sequence_weights(const Mismatch& mismatch, std::span<const std::size_t> lengths, double cap) {
  check(mismatch, cap);
  require(mismatch.trainer_logprobs.size() == token_count(lengths), "lengths that do not add up to the tokens");
  ImportanceWeights weights;
  weights.values.reserve(mismatch.trainer_logprobs.size());
  std::size_t token = 0;
  for (const std::size_t length : lengths) {
    double sum = 0;
    for (const std::size_t end = token + length; token < end; ++token) sum += log_weight(mismatch, token);
    append(weights, std::exp(sum), cap, length);
  }
  return weights;
}

void weigh(TokenTerms& terms, std::span<const double> weights) {
  require(terms.values.size() == weights.size(), "weights of another number of tokens");
  for (std::size_t t = 0; t < weights.size(); ++t) {
    terms.values[t] *= weights[t];
    terms.gradients[t] *= weights[t];
  }
}

}  // namespace llmi::train::policy_math
