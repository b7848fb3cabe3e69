#include "train/policy_math/shape.h"

#include <numeric>
#include <stdexcept>

namespace llmi::train::policy_math {

void require(bool holds, const char* broken) {
  if (!holds) throw std::invalid_argument(broken);
}

std::size_t token_count(std::span<const std::size_t> lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});
}

}  // namespace llmi::train::policy_math
