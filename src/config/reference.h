#pragma once

#include <string>

namespace llmi::config {

/// docs/configuration.md, from the table of options.
[[nodiscard]] std::string reference_markdown();

}  // namespace llmi::config
