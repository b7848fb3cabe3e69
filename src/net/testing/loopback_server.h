#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/http_client.h"

namespace llmi::net::testing {

struct Received {
  std::string method;
  std::string target;  ///< Path and query.
  std::vector<Header> headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const;  ///< By lower-case name.
};

/// What the server does on the connection after a request, step by step.
struct Answer {
  struct Step {
    std::string bytes;
    std::chrono::milliseconds wait_before{0};
  };
  std::vector<Step> steps;
  bool close_after = false;  ///< Closes in an orderly way; where the reply is not whole, that cuts it.
  bool reset_after = false;  ///< Closes with a TCP reset.
};

/// A whole reply with a Content-Length.
[[nodiscard]] Answer reply(int status, std::string_view body, const std::vector<Header>& headers = {});

/// A reply of that status and content type whose body comes in pieces, each after `wait`; ends by closing.
[[nodiscard]] Answer stream(std::string_view content_type, const std::vector<std::string>& pieces,
                            std::chrono::milliseconds wait = {});

/// An HTTP server on 127.0.0.1 for tests: each connection has a thread, answers come from the handler (called on those
/// threads). The destructor closes everything and joins.
class LoopbackServer {
 public:
  using Handler = std::function<Answer(const Received&)>;

  explicit LoopbackServer(Handler handler);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  [[nodiscard]] std::string url(std::string_view path = "") const;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::vector<Received> received() const;
  [[nodiscard]] std::size_t connections() const;

 private:
  void accept_loop();
  void serve(int fd);
  void answer(int fd, const Answer& answer);

  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Received> received_;
  std::vector<int> open_;
  std::size_t connections_ = 0;
  bool closing_ = false;
  std::vector<std::jthread> threads_;
  std::jthread acceptor_;
};

}  // namespace llmi::net::testing
