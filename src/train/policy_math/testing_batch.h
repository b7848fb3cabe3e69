#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "train/policy_math/policy_loss.h"

namespace llmi::train::policy_math {

/// A batch that owns what a PolicyBatch looks at.
struct TestBatch {
  std::vector<std::size_t> lengths;
  std::vector<double> advantages;
  std::vector<double> old_logprobs;
  std::vector<double> logprobs;

  [[nodiscard]] PolicyBatch view() const {
    return {.logprobs = logprobs, .old_logprobs = old_logprobs, .advantages = advantages, .lengths = lengths};
  }
};

inline double between(Random& random, double low, double high) { return low + (high - low) * random.unit(); }

inline std::vector<double> random_numbers(Random& random, std::size_t count, double low, double high) {
  std::vector<double> numbers(count);
  for (double& number : numbers) number = between(random, low, high);
  return numbers;
}

/// Up to five completions of up to six tokens, of which some have none; log-ratios within ±`most_log`.
inline TestBatch random_batch(std::uint64_t seed, double most_log) {
  Random random(seed);
  TestBatch batch;
  batch.lengths.resize(1 + random.below(5));
  for (std::size_t& length : batch.lengths) length = random.below(7);
  batch.advantages = random_numbers(random, batch.lengths.size(), -2, 2);
  const std::size_t tokens = std::accumulate(batch.lengths.begin(), batch.lengths.end(), std::size_t{0});
  batch.old_logprobs = random_numbers(random, tokens, -4, 0);
  batch.logprobs = random_numbers(random, tokens, -most_log, most_log);
  for (std::size_t t = 0; t < tokens; ++t) batch.logprobs[t] += batch.old_logprobs[t];
  return batch;
}

}  // namespace llmi::train::policy_math
