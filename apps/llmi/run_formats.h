#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "document/event.h"

namespace llmi::app {

/// The formats the run was asked for and those that were added to its folder later; the usual ones where there are
/// none.
[[nodiscard]] std::vector<std::string> formats_of(const document::RunStarted& started,
                                                  const std::filesystem::path& run);

}  // namespace llmi::app
