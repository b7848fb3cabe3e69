#pragma once

#include <memory>

#include "config/settings.h"
#include "store/corpus.h"
#include "tools/search/search_tool.h"

namespace llmi::app {

/// The picture collections of this configuration. Says on standard error when one is being indexed.
[[nodiscard]] std::shared_ptr<store::Corpora> make_corpora(const config::Settings& settings);

/// The search tool with the configured providers, licences and deadline.
[[nodiscard]] std::unique_ptr<tools::SearchTool> make_search_tool(const config::Settings& settings);

}  // namespace llmi::app
