#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.h"
#include "net/address_guard.h"

namespace llmi::net {

struct Header {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<Header> headers;
  /// Sent to the URL's own origin only, never after a redirect to another one; part of no message.
  std::vector<Header> secret_headers;
  Query secret_query;  ///< The same for keys that are part of the query.
  std::string body;
  std::size_t max_bytes = std::size_t{64} << 20;  ///< Of the reply's body; more is kResourceExhausted.
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds idle_timeout{0};  ///< The longest silence; 0: any, within the deadline.
  int max_redirects = 0;                      ///< Followed for GET only.
  int sink_status = 0;                        ///< The only status whose body the sink gets; 0: any 2xx.
};

struct HttpResponse {
  int status = 0;
  std::vector<Header> headers;  ///< Names in lower case.
  std::string body;             ///< Empty where a sink took it.
  std::string url;              ///< The last one, after redirects.

  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
  /// The first header of that (lower-case) name; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Receives the body of a 2xx reply as it comes, on the calling thread. Returning false ends the transfer, which is no
/// error.
using BodySink = std::function<bool(std::string_view piece)>;

/// Names to addresses, in the place of the system's resolver: {"203.0.113.7", …}. For tests.
using Resolver = std::function<std::vector<std::string>(std::string_view host)>;

/// Sends HTTP requests with libcurl and keeps connections open between them. Thread-safe: each call runs on its
/// caller's thread with a connection pool of its own, so that calls never wait for each other.
///
/// Every connection, after each redirect too, is checked against the guard at the moment it is made, with the address
/// that is connected to; a name that changes its address between a check and the connection gains nothing. Proxies are
/// not used, since behind one the address cannot be checked.
class HttpClient {
 public:
  struct Options {
    AddressGuard guard;
    std::string user_agent = "llmi";
    Resolver resolver;  ///< Empty: the system's.
  };
  explicit HttpClient(Options options);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// The reply, whatever its status. Errors: kInvalidArgument (no usable URL), kForbidden (the guard refuses the
  /// address), kUnavailable (no connection, or it broke; retryable as long as the sink has received nothing), kTimeout,
  /// kCancelled, kResourceExhausted (body too large).
  [[nodiscard]] Result<HttpResponse> send(const RunContext& context, const HttpRequest& request,
                                          const BodySink& sink = {});

  /// Whether a connection to the URL's host can be made within `span`, the look-up of its name included.
  [[nodiscard]] bool connects(const RunContext& context, std::string_view url, std::chrono::milliseconds span);
  [[nodiscard]] const AddressGuard& guard() const { return options_.guard; }

 private:
  class Lanes;
  Options options_;
  std::unique_ptr<Lanes> lanes_;
};

}  // namespace llmi::net
