#pragma once

#include <memory>

#include "server/http_server.h"
#include "server/route.h"

namespace llmi::server {

/// An environment in OpenEnv's WebSocket protocol (messages reset, step, state, close): an episode is one prompt and
/// one answer. The context's parts outlive the peer.
[[nodiscard]] std::unique_ptr<WebSocketPeer> make_openenv_peer(const RouteContext& context);

}  // namespace llmi::server
