#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "server/http.h"

namespace llmi::server {

/// One client's WebSocket: what it keeps between messages. Called for one message at a time.
class WebSocketPeer {
 public:
  virtual ~WebSocketPeer() = default;
  virtual void receive(std::string text, SendText send) = 0;
};

/// Serves HTTP/1.1 (keep-alive) and WebSockets (Boost.Beast). Handlers are called on a few threads of the server and
/// must not block: they hand the work on and answer later.
class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";  ///< An IP address.
    std::uint16_t port = 0;             ///< 0: any free one.
    std::size_t max_body = std::size_t{256} << 20;
    std::function<void(HttpRequest, Respond)> handle;
    /// Opens a WebSocket at a path; null: there is none. `authorization` as in HttpRequest.
    std::function<std::unique_ptr<WebSocketPeer>(const std::string& path, const std::string& authorization)>
        open_socket;
  };
  /// Listens at once. Errors: kInvalidArgument (the address), kUnavailable (it is taken).
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(Options options);

  virtual ~HttpServer() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Takes no new connections and requests, and waits until those that were taken are answered, at most `patience`.
  virtual void drain(std::chrono::milliseconds patience) = 0;
  /// No handler is called any more; what still answers must end before the server does.
  virtual void stop() = 0;
};

}  // namespace llmi::server
