#pragma once

#include <memory>

#include "net/http_client.h"

namespace llmi::net {

/// One transfer without redirects.
struct Exchange {
  const HttpRequest& request;
  const Url& url;
  bool any_address = false;   ///< The guard lets this URL be at any address.
  bool with_secrets = false;  ///< The secret headers go along.
  bool connect_only = false;  ///< Only the TCP connection is made, and nothing sent.
};

/// A pool of connections that runs one transfer at a time, on the calling thread. Not thread-safe.
class Lane {
 public:
  Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane();

  /// Errors as HttpClient::send.
  [[nodiscard]] Result<HttpResponse> run(const RunContext& context, const HttpClient::Options& options,
                                         const Exchange& exchange, const BodySink& sink);

 private:
  void* multi_ = nullptr;  ///< A CURLM.
};

}  // namespace llmi::net
