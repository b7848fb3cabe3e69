#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "lm/chat/server_kind.h"
#include "lm/language_model.h"

namespace llmi::net {
class Network;
}

namespace llmi::lm::chat {

struct ChatOptions {
  std::string url;                 ///< With or without the API's suffix.
  std::optional<ServerKind> kind;  ///< Empty: found by asking the server.
  std::string model;               ///< Empty: the first that the server lists.
  std::string api_key;             ///< Empty: none is sent.
  std::size_t max_concurrent = 8;
  std::optional<bool> sees;                    ///< Empty: as the server says; no where it does not say.
  bool assume_sees = false;                    ///< What it is taken for where neither `sees` nor the server says.
  std::chrono::milliseconds silence{300'000};  ///< The longest silence during a reply.
  int attempts = 3;                            ///< Of one request, where trying again may help.
};

/// A model behind a chat server: llama-server, vLLM, SGLang, Ollama or anything in OpenAI's shape. Asks the server what
/// it is and which models it has, waiting while it still loads one. The network outlives the model.
/// Errors: kUnavailable (cannot be reached), kRefused (key, model), kInvalidArgument (the URL, no such model).
[[nodiscard]] Result<std::unique_ptr<LanguageModel>> open_chat_model(const RunContext& context, net::Network& network,
                                                                     const ChatOptions& options);

}  // namespace llmi::lm::chat
