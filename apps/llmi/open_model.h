#pragma once

#include <memory>

#include "agent/session.h"
#include "base/error.h"
#include "config/settings.h"
#include "lm/language_model.h"
#include "net/network.h"

namespace llmi::app {

/// The model that `model.default` (or --model) names: a name from `llmi models list`, a GGUF file, the NAME or
/// NAME#model of a [servers.NAME] entry, URL#model of a server, or scripted:FILE. The network outlives it.
/// Errors: kNotFound listing what is known; what loading or asking the server gives.
[[nodiscard]] Result<std::unique_ptr<lm::LanguageModel>> open_model(const RunContext& context,
                                                                    const config::Settings& settings,
                                                                    net::Network& network);

/// What the model that `model.default` names costs, by its [servers.NAME] entry; nothing where it has none.
[[nodiscard]] agent::TokenPrices token_prices(const config::Settings& settings);

}  // namespace llmi::app
