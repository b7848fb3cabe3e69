#include "base/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace llmi {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array kDurations{Unit{"ms", 1}, Unit{"s", 1e3}, Unit{"m", 60e3}, Unit{"h", 3600e3}, Unit{"d", 86400e3}};
constexpr std::array kSizes{Unit{"B", 1},
                            Unit{"KiB", 1024.0},
                            Unit{"MiB", 1024.0 * 1024},
                            Unit{"GiB", 1024.0 * 1024 * 1024},
                            Unit{"TiB", 1024.0 * 1024 * 1024 * 1024},
                            Unit{"KB", 1e3},
                            Unit{"kB", 1e3},
                            Unit{"MB", 1e6},
                            Unit{"GB", 1e9},
                            Unit{"TB", 1e12}};

template <std::size_t N>
std::optional<double> parse(std::string_view text, const std::array<Unit, N>& units) {
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(number) || number < 0) return std::nullopt;
  std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const Unit& candidate : units) {
    const double value = number * candidate.factor;
    if (candidate.name == unit && value < 9e18) return value;
  }
  return std::nullopt;
}

/// The largest unit among the first `count` of which the value is a whole number.
template <std::size_t N>
std::string print(double value, const std::array<Unit, N>& units, std::size_t count) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (value >= units[i].factor && std::fmod(value, units[i].factor) == 0) best = i;
  }
  return fmt::format("{:.0f}{}", value / units[best].factor, units[best].name);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto value = parse(text, kDurations);
  if (!value) return std::nullopt;
  return std::chrono::milliseconds(std::llround(*value));
}

std::string print_duration(std::chrono::milliseconds span) {
  return print(static_cast<double>(span.count()), kDurations, kDurations.size());
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto value = parse(text, kSizes);
  if (!value) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(*value));
}

std::string print_size(std::uint64_t bytes) { return print(static_cast<double>(bytes), kSizes, 5); }

}  // namespace llmi
