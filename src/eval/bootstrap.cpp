#include "eval/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/random.h"

namespace llmi::eval {
namespace {

constexpr std::size_t kDraws = 2000;
// With weight in one sample of n only, a draw misses it with probability below 1/e, and so do few draws in a row.
constexpr std::size_t kMostDraws = 20 * kDraws;
constexpr double kTail = 0.025;

Share total(std::span<const Share> samples, std::span<const std::size_t> drawn) {
  Share sum;
  for (const std::size_t i : drawn) {
    sum.sum += samples[i].sum;
    sum.weight += samples[i].weight;
  }
  return sum;
}

Interval percentiles(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = [&](double part) { return values[static_cast<std::size_t>(std::lround(part * last))]; };
  return {at(kTail), at(1 - kTail)};
}

/// Calls `statistic` with the places of each draw until it has given enough values; it returns false for a draw that
/// has none.
template <class Statistic>
Interval resample(std::size_t count, std::uint64_t seed, const Statistic& statistic) {
  Random random(seed);
  std::vector<std::size_t> drawn(count);
  std::vector<double> values;
  for (std::size_t draw = 0; draw < kMostDraws && values.size() < kDraws; ++draw) {
    for (std::size_t& place : drawn) place = random.below(count);
    double value = 0;
    if (statistic(drawn, value)) values.push_back(value);
  }
  return percentiles(std::move(values));
}

}  // namespace

double ratio(std::span<const Share> samples) {
  Share sum;
  for (const Share& share : samples) {
    sum.sum += share.sum;
    sum.weight += share.weight;
  }
  return sum.weight > 0 ? sum.sum / sum.weight : 0;
}

Interval bootstrap(std::span<const Share> samples, std::uint64_t seed) {
  return resample(samples.size(), seed, [&](std::span<const std::size_t> drawn, double& value) {
    const Share sum = total(samples, drawn);
    value = sum.weight > 0 ? sum.sum / sum.weight : 0;
    return sum.weight > 0;
  });
}

Interval bootstrap_difference(std::span<const Share> first, std::span<const Share> second, std::uint64_t seed) {
  return resample(first.size(), seed, [&](std::span<const std::size_t> drawn, double& value) {
    const Share one = total(first, drawn);
    const Share other = total(second, drawn);
    if (one.weight <= 0 || other.weight <= 0) return false;
    value = other.sum / other.weight - one.sum / one.weight;
    return true;
  });
}

}  // namespace llmi::eval
