#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace llmi::server {

/// What a client asks.
struct HttpRequest {
  std::string method;  ///< "GET", "POST".
  std::string path;    ///< Without the query.
  std::string body;
  std::string authorization;  ///< The header's value; empty: none.
};

struct HttpReply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Answers one request: called exactly once, from any thread.
using Respond = std::function<void(HttpReply)>;
/// Sends one message of a WebSocket: called exactly once for each message received. An empty text closes it.
using SendText = std::function<void(std::string)>;

/// {"error": {"code": …, "message": …}} with the given status.
[[nodiscard]] HttpReply error_reply(int status, std::string_view code, std::string_view message);
/// The same for an error, with the status that its kind has.
[[nodiscard]] HttpReply error_reply(const Error& error);

}  // namespace llmi::server
