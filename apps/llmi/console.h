#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace llmi::app {

// Printing that a run can rely on: a reader that has gone away does not end the work. What cannot be written is
// dropped; main() says so for standard output.

/// For people, on standard error.
template <class... Arguments>
void tell(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  const std::string text = fmt::format(format, std::forward<Arguments>(arguments)...);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

/// The result, on standard output.
template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  const std::string text = fmt::format(format, std::forward<Arguments>(arguments)...);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace llmi::app
