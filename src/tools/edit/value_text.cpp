#include "tools/edit/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <span>
#include <vector>

#include "base/utf8.h"
#include "tools/edit/colour.h"

namespace llmi::tools::edit {
namespace {

constexpr std::array<std::string_view, 2> kAxes{"horizontal", "vertical"};
constexpr std::array<std::string_view, 2> kEdges{"bottom", "top"};
constexpr std::array<std::string_view, 9> kPlaces{"top-left", "top",         "top-right", "left",        "centre",
                                                  "right",    "bottom-left", "bottom",    "bottom-right"};

/// The longest run of characters that can belong to a word or a colour.
std::string_view word_at(std::string_view text) {
  const auto* end =
      std::ranges::find_if_not(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '#'; });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

template <class Enum>
bool read_word(std::string_view& text, std::span<const std::string_view> words, Enum& value) {
  const std::string_view word = word_at(text);
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return false;
  value = static_cast<Enum>(found - words.begin());
  text.remove_prefix(word.size());
  return true;
}

}  // namespace

double rounded(double value) { return std::round(value * 100) / 100; }

std::string print_number(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

bool read_number(std::string_view& text, double& value, double least, double most) {
  std::size_t end = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.')) ++end;
  constexpr std::size_t kLongest = 12;
  if (end > kLongest) return false;
  const std::string digits(text.substr(0, end));
  char* stopped = nullptr;
  value = std::strtod(digits.c_str(), &stopped);
  if (stopped == digits.c_str() || *stopped != '\0' || !(value >= least && value <= most)) return false;
  text.remove_prefix(end);
  return true;
}

std::string print(const Length& length) {
  if (length.unit == Length::Unit::kAuto) return "auto";
  return print_number(length.value) + (length.unit == Length::Unit::kPixels ? "px" : "%");
}

bool read(std::string_view& text, Length& length) {
  if (text.starts_with("auto")) {
    length = {.value = 0, .unit = Length::Unit::kAuto};
    text.remove_prefix(4);
    return true;
  }
  if (!read_number(text, length.value, 0, kMaxPixels)) return false;
  const bool pixels = text.starts_with("px");
  if (!pixels && (!text.starts_with('%') || length.value > kMaxPercent)) return false;
  length.unit = pixels ? Length::Unit::kPixels : Length::Unit::kPercent;
  text.remove_prefix(pixels ? 2 : 1);
  return true;
}

bool is_sound(const Text& text) {
  const bool clean =
      std::ranges::none_of(text.value, [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7F; });
  return clean && !text.value.empty() && text.value.size() <= kMaxText && is_valid_utf8(text.value);
}

std::string print(const Text& quoted) {
  std::string result = "\"";
  for (const char c : quoted.value) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return result + '"';
}

bool read(std::string_view& text, Text& quoted) {
  if (!text.starts_with('"')) return false;
  quoted.value.clear();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return is_sound(quoted);
    }
    if (text[i] != '\\') {
      quoted.value += text[i];
      continue;
    }
    ++i;
    if (i == text.size() || (text[i] != '"' && text[i] != '\\' && text[i] != 'n')) return false;
    quoted.value += text[i] == 'n' ? '\n' : text[i];
  }
  return false;
}

std::string print(const Colour& colour) { return name_of(colour); }

bool read(std::string_view& text, Colour& colour) {
  const std::string_view word = word_at(text);
  const auto found = colour_named(word);
  if (!found) return false;
  colour = *found;
  text.remove_prefix(word.size());
  return true;
}

std::string print(Axis axis) { return std::string(kAxes[static_cast<std::size_t>(axis)]); }
bool read(std::string_view& text, Axis& axis) { return read_word(text, kAxes, axis); }
std::string print(Edge edge) { return std::string(kEdges[static_cast<std::size_t>(edge)]); }
bool read(std::string_view& text, Edge& edge) { return read_word(text, kEdges, edge); }
std::string print(Place place) { return std::string(kPlaces[static_cast<std::size_t>(place)]); }
bool read(std::string_view& text, Place& place) { return read_word(text, kPlaces, place); }

}  // namespace llmi::tools::edit
