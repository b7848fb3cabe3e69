#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace llmi::app {

/// The formats the run has; the usual ones where it never came to writing one.
[[nodiscard]] std::vector<std::string> formats_of(const std::filesystem::path& run);

}  // namespace llmi::app
