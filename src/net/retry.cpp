#include "net/retry.h"

#include <curl/curl.h>

#include <charconv>
#include <string>

#include "base/pause.h"
#include "base/random.h"

namespace llmi::net {

bool may_retry(int status) { return status == 408 || status == 429 || status >= 500; }

std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response,
                                                     std::chrono::system_clock::time_point now) {
  using std::chrono::milliseconds;
  const std::string text(response.header("retry-after"));
  if (text.empty()) return std::nullopt;
  double seconds = 0;
  const char* end = text.data() + text.size();
  if (const auto [rest, error] = std::from_chars(text.data(), end, seconds); error == std::errc{} && rest == end)
    return seconds < 0 ? std::nullopt
                       : std::optional(milliseconds(static_cast<std::int64_t>(std::min(seconds, 1e9) * 1000)));
  const std::time_t at = curl_getdate(text.c_str(), nullptr);
  if (at < 0) return std::nullopt;
  const auto span = std::chrono::ceil<milliseconds>(std::chrono::system_clock::from_time_t(at) - now);
  return std::max(span, milliseconds(0));
}

std::chrono::milliseconds backoff(const RetryPolicy& policy, int next, double unit) {
  const double whole =
      static_cast<double>(policy.first_delay.count()) * static_cast<double>(1U << static_cast<unsigned>(next - 2));
  return std::chrono::milliseconds(static_cast<std::int64_t>(whole * (0.5 + unit / 2)));
}

Result<HttpResponse> send_with_retries(HttpClient& client, const RunContext& context, const HttpRequest& request,
                                       const BodySink& sink, const RetryPolicy& policy) {
  Random random(random_seed());
  for (int attempt = 1;; ++attempt) {
    auto response = client.send(context, request, sink);
    const bool again = response ? may_retry(response->status) : response.error().retryable;
    if (!again || attempt >= policy.attempts) return response;
    auto delay = backoff(policy, attempt + 1, random.unit());
    if (response) delay = retry_after(*response, std::chrono::system_clock::now()).value_or(delay);
    if (delay >= context.deadline.remaining()) return response;
    LLMI_CHECK_OK(pause(context, delay));
  }
}

}  // namespace llmi::net
