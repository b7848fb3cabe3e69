#pragma once

#include <string>
#include <string_view>

namespace llmi::render {

/// TeX math as MathML, by the program blahtexml under limits on time and output; where it is missing or refuses, the
/// TeX itself in <code>. `display`: a formula on a line of its own.
[[nodiscard]] std::string tex_to_mathml(std::string_view tex, bool display);

/// The TeX itself in <code>.
[[nodiscard]] std::string tex_source(std::string_view tex, bool display);

}  // namespace llmi::render
