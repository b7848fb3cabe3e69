#pragma once

#include <cstdint>
#include <span>

namespace llmi::eval {

/// What one sample adds to a ratio of sums (measure.h).
struct Share {
  double sum = 0;
  double weight = 0;
};

struct Interval {
  double low = 0;
  double high = 0;
};

/// Sum of sums over sum of weights; 0 where there is no weight.
[[nodiscard]] double ratio(std::span<const Share> samples);

/// The 95 % percentile interval of ratio() over 2,000 draws of as many samples with replacement (Efron 1979); equal
/// seeds give equal intervals. Draws without any weight are drawn again. Precondition: some weight.
[[nodiscard]] Interval bootstrap(std::span<const Share> samples, std::uint64_t seed);

/// The same for ratio(second) - ratio(first) over samples in pairs: pair i is drawn as one. Precondition: equal
/// lengths, some weight in both.
[[nodiscard]] Interval bootstrap_difference(std::span<const Share> first, std::span<const Share> second,
                                            std::uint64_t seed);

}  // namespace llmi::eval
