#include "train/policy_math/advantage.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "train/policy_math/shape.h"

namespace llmi::train::policy_math {
namespace {

constexpr double kStabiliser = 1e-6;
// Sums of the same parts in another order differ by this little; the stabiliser would blow it up a millionfold.
constexpr double kRounding = 1e-12;

bool differ(std::span<const double> rewards) {
  if (rewards.size() < 2) return false;
  const auto [least, most] = std::ranges::minmax(rewards);
  return most - least > kRounding * std::max(std::abs(least), std::abs(most));
}

double sample_deviation(std::span<const double> rewards, double mean) {
  double squares = 0;
  for (const double reward : rewards) squares += (reward - mean) * (reward - mean);
  return std::sqrt(squares / static_cast<double>(rewards.size() - 1));
}

double scale(Baseline baseline, double count, double deviation) {
  switch (baseline) {
    case Baseline::kStandardised:
      return 1 / (deviation + kStabiliser);
    case Baseline::kMean:
      return 1;
    case Baseline::kLeaveOneOut:
      return count / (count - 1);
  }
  return 1;
}

}  // namespace

GroupAdvantages group_advantages(std::span<const double> rewards, Baseline baseline) {
  require(std::ranges::all_of(rewards, [](double reward) { return std::isfinite(reward); }), "reward not finite");
  GroupAdvantages group{.values = std::vector<double>(rewards.size(), 0.0)};
  if (rewards.empty()) return group;
  const auto count = static_cast<double>(rewards.size());
  group.mean = std::accumulate(rewards.begin(), rewards.end(), 0.0) / count;
  if (!differ(rewards)) return group;
  group.teaches = true;
  group.deviation = sample_deviation(rewards, group.mean);
  const double factor = scale(baseline, count, group.deviation);
  for (std::size_t i = 0; i < rewards.size(); ++i) group.values[i] = (rewards[i] - group.mean) * factor;
  return group;
}

}  // namespace llmi::train::policy_math
