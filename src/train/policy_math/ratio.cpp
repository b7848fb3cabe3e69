#include "train/policy_math/ratio.h"

#include <algorithm>
#include <cmath>

#include "train/policy_math/shape.h"

namespace llmi::train::policy_math {
namespace {

constexpr double kMostTokenLog = 20;
constexpr double kMostSequenceLog = 10;

}  // namespace

std::vector<Ratio> token_ratios(std::span<const double> logprobs, std::span<const double> old_logprobs) {
  require(logprobs.size() == old_logprobs.size(), "log-probabilities of different numbers of tokens");
  std::vector<Ratio> ratios(logprobs.size());
  for (std::size_t t = 0; t < ratios.size(); ++t) {
    const double log = logprobs[t] - old_logprobs[t];
    ratios[t] = {std::exp(std::clamp(log, -kMostTokenLog, kMostTokenLog)), std::abs(log) > kMostTokenLog};
  }
  return ratios;
}

std::vector<Ratio> sequence_ratios(std::span<const double> logprobs, std::span<const double> old_logprobs,
                                   std::span<const std::size_t> lengths) {
  require(logprobs.size() == old_logprobs.size(), "log-probabilities of different numbers of tokens");
  require(logprobs.size() == token_count(lengths), "lengths that do not add up to the tokens");
  std::vector<Ratio> ratios;
  ratios.reserve(logprobs.size());
  for (const std::size_t length : lengths) {
    const std::size_t first = ratios.size();
    double sum = 0;
    for (std::size_t t = first; t < first + length; ++t) sum += logprobs[t] - old_logprobs[t];
    const double log = sum / static_cast<double>(std::max<std::size_t>(length, 1));
    ratios.resize(first + length, {std::exp(std::min(log, kMostSequenceLog)), log > kMostSequenceLog});
  }
  return ratios;
}

}  // namespace llmi::train::policy_math
