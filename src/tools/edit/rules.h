#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tools/edit/operation.h"
#include "tools/edit/phrase.h"

namespace llmi::tools::edit {

/// A way to ask for something, and what it means. `build` may decline (a number out of range): then it is as if the
/// phrase had not fitted.
struct Rule {
  std::string_view pattern;
  std::function<std::optional<Program>(const Captures&)> build;
};

/// The named phrases that patterns refer to. All three are in English, German and French.
struct NamedPhrase {
  std::string_view name;
  std::string_view pattern;
};
[[nodiscard]] std::span<const NamedPhrase> named_phrases();

/// Words between and around requests that ask for nothing themselves ("and then", "please").
[[nodiscard]] std::string_view filler_pattern();

/// The rules by theme; each is one table.
[[nodiscard]] std::span<const Rule> tone_rules();  ///< Grey, sepia, brightness, contrast, saturation, blur, sharpen.
[[nodiscard]] std::span<const Rule> geometry_rules();  ///< Crop, rotate, flip, resize, side by side.
[[nodiscard]] std::span<const Rule> drawing_rules();   ///< Border, caption, label, arrow, circle, box, overlay.

}  // namespace llmi::tools::edit
