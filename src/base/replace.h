#pragma once

#include <string>
#include <string_view>

namespace llmi {

/// `text` with `with` in place of every `what`, which is not empty; what was put in is not looked at again.
[[nodiscard]] std::string replaced(std::string text, std::string_view what, std::string_view with);

}  // namespace llmi
