#pragma once

#include <cstdint>
#include <random>

namespace llmi {

/// A generator whose numbers are the same on every machine (SplitMix64; the standard's distributions are not portable).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// Uniform in [0, bound); bound > 0. The bias of the modulus is below 2^-32 for the bounds used here.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  /// Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

/// A fresh seed below 2^53 (so that it survives JSON), from the operating system.
[[nodiscard]] inline std::uint64_t random_seed() {
  std::random_device device;
  return ((std::uint64_t{device()} << 32U) | device()) & ((std::uint64_t{1} << 53U) - 1);
}

/// An independent seed for part number `part` of something seeded with `seed`.
[[nodiscard]] inline std::uint64_t derived_seed(std::uint64_t seed, std::uint64_t part) {
  return Random(seed ^ (part * 0xD1342543DE82EF95U + 1)).next() & ((std::uint64_t{1} << 53U) - 1);
}

}  // namespace llmi
