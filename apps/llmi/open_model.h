#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "agent/session.h"
#include "base/error.h"
#include "config/settings.h"
#include "lm/language_model.h"
#include "net/network.h"

namespace llmi::app {

/// Which model, and how a server is asked for it.
struct ModelChoice {
  std::string name;
  bool assume_sees = false;        ///< A server that does not say whether its model sees pictures is taken to.
  std::size_t max_concurrent = 0;  ///< Calls to a server whose entry says nothing; 0: the usual number.
  int attempts = 3;                ///< Of one call to a server.
};

/// A name from `llmi models list`, a GGUF file, the NAME or NAME#model of a [servers.NAME] entry, URL#model of a
/// server, or scripted:FILE. The network outlives it. Errors: kNotFound listing what is known; what loading or asking
/// the server gives.
[[nodiscard]] Result<std::unique_ptr<lm::LanguageModel>> open_model(const RunContext& context,
                                                                    const config::Settings& settings,
                                                                    net::Network& network, const ModelChoice& choice);
/// The model that `model.default` (or --model) names.
[[nodiscard]] Result<std::unique_ptr<lm::LanguageModel>> open_model(const RunContext& context,
                                                                    const config::Settings& settings,
                                                                    net::Network& network);

/// Whether the name can be a model at all, without asking a server. Errors: kNotFound, kInvalidConfig.
[[nodiscard]] Result<void> check_model_name(const config::Settings& settings, const std::string& name);

/// Whether the name is a server's, in a form that check_model_name() accepts.
[[nodiscard]] bool names_server(const config::Settings& settings, const std::string& name);

/// What the model that `model.default` names costs, by its [servers.NAME] entry; nothing where it has none.
[[nodiscard]] agent::TokenPrices token_prices(const config::Settings& settings);
/// The same for the model that `name` names.
[[nodiscard]] agent::TokenPrices token_prices(const config::Settings& settings, const std::string& name);

}  // namespace llmi::app
