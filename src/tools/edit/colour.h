#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/edit/values.h"

namespace llmi::tools::edit {

/// A colour word in lower case: English, German and French.
struct ColourName {
  std::string_view name;
  Colour colour;
};

/// The canonical names, one a colour, in English.
[[nodiscard]] std::span<const ColourName> canonical_colours();

/// Any colour word, or "#rrggbb".
[[nodiscard]] std::optional<Colour> colour_named(std::string_view word);

/// "dark" and "light" before a colour.
enum class Shade : std::uint8_t { kDark, kLight };
[[nodiscard]] std::optional<Shade> shade_named(std::string_view word);
[[nodiscard]] Colour shaded(const Colour& colour, Shade shade);

/// Every word that colour_named() knows.
[[nodiscard]] std::vector<std::string_view> colour_words();

/// The canonical name, else "#rrggbb".
[[nodiscard]] std::string name_of(const Colour& colour);

}  // namespace llmi::tools::edit
