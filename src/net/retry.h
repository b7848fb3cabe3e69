#pragma once

#include <chrono>
#include <optional>

#include "base/run_context.h"
#include "net/http_client.h"

namespace llmi::net {

/// When a call that failed is tried again (system contract, section 4).
struct RetryPolicy {
  int attempts = 3;
  std::chrono::milliseconds first_delay{500};  ///< Doubled each time, with jitter between a half and the whole of it.
};

/// Whether the reply asks for another try: 408, 429 and 5xx.
[[nodiscard]] bool may_retry(int status);

/// The reply's Retry-After: seconds or an HTTP date. Nothing when there is none or it cannot be read.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response,
                                                                   std::chrono::system_clock::time_point now);

/// How long to wait before try number `next` (2, 3, …); `unit` in [0, 1) is the jitter.
[[nodiscard]] std::chrono::milliseconds backoff(const RetryPolicy& policy, int next, double unit);

/// send(), tried again after a refused or reset connection or a status that asks for it, as long as the sink has
/// received nothing. A Retry-After beyond the deadline ends the tries at once. The last reply or error is returned.
[[nodiscard]] Result<HttpResponse> send_with_retries(HttpClient& client, const RunContext& context,
                                                     const HttpRequest& request, const BodySink& sink = {},
                                                     const RetryPolicy& policy = {});

}  // namespace llmi::net
