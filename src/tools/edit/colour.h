#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

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

/// The canonical name, else "#rrggbb".
[[nodiscard]] std::string name_of(const Colour& colour);

}  // namespace llmi::tools::edit
