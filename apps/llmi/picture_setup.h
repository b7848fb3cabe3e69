#pragma once

#include <memory>

#include "base/error.h"
#include "config/settings.h"
#include "net/network.h"
#include "tools/tool.h"

namespace llmi::app {

/// The tool for the picture server that [diffusion] or [edit] configures; null where none is. Errors: kInvalidConfig
/// (no address, no model, an unreadable workflow, a missing key).
[[nodiscard]] Result<std::unique_ptr<tools::Tool>> make_picture_tool(const config::Settings& settings,
                                                                     const std::shared_ptr<net::Network>& network,
                                                                     tag::Source source);

}  // namespace llmi::app
