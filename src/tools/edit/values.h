#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace llmi::tools::edit {

/// The values that operations take. Each has one text form: print(read(x)) == x.

/// A number between Min and Max, with at most two decimals in its text form.
template <int Min, int Max>
struct Number {
  double value = Min > 0 ? Min : 0;
  bool operator==(const Number&) const = default;
};

/// A share of the picture's size, or a relative change, between Min and Max per cent: "20%", "-12.5%".
template <int Min, int Max>
struct Percent {
  double value = 0;
  bool operator==(const Percent&) const = default;
};
using Position = Percent<0, 100>;  ///< Of the width or height, from the left or the top.
using Change = Percent<-100, 300>;

/// "25%" of the picture's corresponding side, or "40px"; kAuto ("auto") follows from the other side.
struct Length {
  enum class Unit : std::uint8_t { kPercent, kPixels, kAuto };
  double value = 0;
  Unit unit = Unit::kPercent;
  bool operator==(const Length&) const = default;
};
inline constexpr double kMaxPixels = 8192;
inline constexpr double kMaxPercent = 1000;

/// Quoted text of 1 to 300 bytes of UTF-8, no control characters but the newline: "Paris \"1900\"".
struct Text {
  std::string value;
  bool operator==(const Text&) const = default;
};
inline constexpr std::size_t kMaxText = 300;

/// An opaque colour; text form: its name where it has one, else "#rrggbb".
struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  bool operator==(const Colour&) const = default;
};

enum class Axis : std::uint8_t { kHorizontal, kVertical };  ///< "horizontal" swaps left and right.
enum class Edge : std::uint8_t { kBottom, kTop };
/// Row by row from the top: "top-left", "top", "top-right", "left", "centre", …
enum class Place : std::uint8_t {
  kTopLeft,
  kTop,
  kTopRight,
  kLeft,
  kCentre,
  kRight,
  kBottomLeft,
  kBottom,
  kBottomRight
};

}  // namespace llmi::tools::edit
