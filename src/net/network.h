#pragma once

#include <cstddef>

#include "net/http_client.h"
#include "net/retry.h"
#include "net/site_limits.h"

namespace llmi::net {

/// How a call behaves besides what it sends.
struct CallOptions {
  std::size_t max_concurrent = 8;  ///< Calls at once to the site, over everything that uses this Network.
  RetryPolicy retry;
};

/// What everything that talks to servers shares: one client, one count of calls per site. Thread-safe.
class Network {
 public:
  explicit Network(HttpClient::Options options) : client_(std::move(options)) {}

  /// The reply to `request`, after waiting for a place at its site and with retries. Errors as HttpClient::send.
  [[nodiscard]] Result<HttpResponse> call(const RunContext& context, const HttpRequest& request,
                                          const CallOptions& options = {}, const BodySink& sink = {});

 private:
  HttpClient client_;
  SiteLimits limits_;
};

}  // namespace llmi::net
