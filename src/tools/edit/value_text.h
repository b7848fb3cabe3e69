#pragma once

#include <string>
#include <string_view>

#include "tools/edit/values.h"

namespace llmi::tools::edit {

/// The text forms of values. A reader takes what it can from the front of `text` and says whether that was a sound
/// value.

/// At most two decimals, no trailing zeros.
[[nodiscard]] std::string print_number(double value);
/// The value that print_number shows.
[[nodiscard]] double rounded(double value);
[[nodiscard]] bool read_number(std::string_view& text, double& value, double least, double most);

template <int Min, int Max>
std::string print(const Number<Min, Max>& number) {
  return print_number(number.value);
}
template <int Min, int Max>
bool read(std::string_view& text, Number<Min, Max>& number) {
  return read_number(text, number.value, Min, Max);
}

template <int Min, int Max>
std::string print(const Percent<Min, Max>& percent) {
  return print_number(percent.value) + "%";
}
template <int Min, int Max>
bool read(std::string_view& text, Percent<Min, Max>& percent) {
  if (!read_number(text, percent.value, Min, Max) || !text.starts_with('%')) return false;
  text.remove_prefix(1);
  return true;
}

[[nodiscard]] std::string print(const Length& length);
bool read(std::string_view& text, Length& length);
[[nodiscard]] std::string print(const Text& quoted);
bool read(std::string_view& text, Text& quoted);
[[nodiscard]] std::string print(const Colour& colour);
bool read(std::string_view& text, Colour& colour);
[[nodiscard]] std::string print(Axis axis);
bool read(std::string_view& text, Axis& axis);
[[nodiscard]] std::string print(Edge edge);
bool read(std::string_view& text, Edge& edge);
[[nodiscard]] std::string print(Place place);
bool read(std::string_view& text, Place& place);

/// Whether text can be drawn: valid UTF-8 within the limits of Text.
[[nodiscard]] bool is_sound(const Text& text);

/// The name of each type, for messages.
template <int Min, int Max>
std::string_view rule(const Number<Min, Max>&) {
  return Min < 0 ? "signed" : "number";
}
template <int Min, int Max>
std::string_view rule(const Percent<Min, Max>&) {
  return Min < 0 ? "change" : "percent";
}
inline std::string_view rule(const Length&) { return "length"; }
inline std::string_view rule(const Text&) { return "text"; }
inline std::string_view rule(const Colour&) { return "colour"; }
inline std::string_view rule(Axis) { return "axis"; }
inline std::string_view rule(Edge) { return "edge"; }
inline std::string_view rule(Place) { return "place"; }

}  // namespace llmi::tools::edit
