#pragma once

#include <vips/vips8>

#include "tools/edit/operation.h"

namespace llmi::picture {

/// Adds the caption's band; see tools::edit::Caption. The canvas grows sideways where the text's longest word needs it.
[[nodiscard]] vips::VImage draw(const tools::edit::Caption& caption, const vips::VImage& image);

/// Writes over the picture; see tools::edit::Label.
[[nodiscard]] vips::VImage draw(const tools::edit::Label& label, const vips::VImage& image);

}  // namespace llmi::picture
