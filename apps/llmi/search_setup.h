#pragma once

#include <memory>

#include "config/settings.h"
#include "net/network.h"
#include "store/corpus.h"
#include "tools/search/search_tool.h"

namespace llmi::app {

/// The picture collections of this configuration. Says on standard error when one is being indexed.
[[nodiscard]] std::shared_ptr<store::Corpora> make_corpora(const config::Settings& settings);

/// The search tool of the configuration. Errors: kInvalidConfig where a provider lacks its address or key.
[[nodiscard]] Result<std::unique_ptr<tools::SearchTool>> make_search_tool(const config::Settings& settings,
                                                                          const std::shared_ptr<net::Network>& network);

}  // namespace llmi::app
