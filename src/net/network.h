#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "net/http_client.h"
#include "net/retry.h"
#include "net/site_limits.h"

namespace llmi::net {

/// How a call behaves besides what it sends.
struct CallOptions {
  /// Calls at once to the site, over everything that uses this Network; 0: the caller holds a place there already.
  std::size_t max_concurrent = 8;
  RetryPolicy retry;
  /// A request that may be repeated at no cost is asked a second time after this silence (hedge.h); 0: never.
  std::chrono::milliseconds patience{0};
};

/// What everything that talks to servers shares: one client, one count of calls per site. Thread-safe.
class Network {
 public:
  explicit Network(HttpClient::Options options) : client_(std::move(options)) {}

  /// The reply to `request`, after waiting for a place at its site and with retries. Errors as HttpClient::send.
  [[nodiscard]] Result<HttpResponse> call(const RunContext& context, const HttpRequest& request,
                                          const CallOptions& options = {}, const BodySink& sink = {});

  /// A place at the URL's site for a job of several calls. Errors: kInvalidArgument, kTimeout, kCancelled.
  [[nodiscard]] Result<SiteLimits::Place> enter(const RunContext& context, const std::string& url, std::size_t most);

  /// Whether a connection to the URL's host can be made within `span`. Remembered for a minute, so that a program that
  /// is offline waits once. True without a try for hosts that the user configured.
  [[nodiscard]] bool reachable(const RunContext& context, const std::string& url, std::chrono::milliseconds span);

 private:
  [[nodiscard]] Result<HttpResponse> call_once(const RunContext& context, const HttpRequest& request,
                                               const CallOptions& options, const BodySink& sink);
  struct Reach {
    bool reachable = false;
    Clock::time_point seen;
  };
  HttpClient client_;
  std::mutex mutex_;
  std::map<Site, Reach> reach_;
  SiteLimits limits_;
};

}  // namespace llmi::net
