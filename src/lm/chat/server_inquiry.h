#pragma once

#include <string>

#include "lm/chat/chat_model.h"
#include "net/network.h"

namespace llmi::lm::chat {

/// What a server says of itself.
struct ServerFacts {
  ServerKind kind = ServerKind::kOpenAi;
  std::string model;
  bool sees = false;
};

/// The header that carries the key; none without a key.
[[nodiscard]] std::vector<net::Header> key_headers(const ChatOptions& options);

/// Asks for the list of models, and for what else tells the kind and the model's senses. A server that answers but has
/// no such list (some proxies) is taken as configured. Errors as open_chat_model.
[[nodiscard]] Result<ServerFacts> inquire(const RunContext& context, net::Network& network, const ChatOptions& options);

}  // namespace llmi::lm::chat
