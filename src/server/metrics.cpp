#include "server/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace llmi::server {

void Metrics::count_request(std::string_view route, int status, std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(kBounds, seconds) - kBounds.begin());
  const std::scoped_lock lock(mutex_);
  ++requests_[{std::string(route), status}];
  ++buckets_[bucket];
  seconds_ += seconds;
}

void Metrics::count_sample(std::string_view status) {
  const std::scoped_lock lock(mutex_);
  ++samples_[std::string(status)];
}

std::string Metrics::text(std::size_t open) const {
  const std::scoped_lock lock(mutex_);
  std::string text =
      "# HELP llmi_reward_requests_total Requests answered.\n# TYPE llmi_reward_requests_total counter\n";
  const auto out = std::back_inserter(text);
  for (const auto& [key, value] : requests_)
    fmt::format_to(out, "llmi_reward_requests_total{{route=\"{}\",status=\"{}\"}} {}\n", key.first, key.second, value);
  text += "# HELP llmi_reward_samples_total Samples by what came of them.\n# TYPE llmi_reward_samples_total counter\n";
  for (const auto& [status, value] : samples_)
    fmt::format_to(out, "llmi_reward_samples_total{{status=\"{}\"}} {}\n", status, value);
  fmt::format_to(out,
                 "# HELP llmi_reward_open_samples Samples that wait or are being scored.\n"
                 "# TYPE llmi_reward_open_samples gauge\nllmi_reward_open_samples {}\n"
                 "# HELP llmi_reward_request_seconds Time from request to answer.\n"
                 "# TYPE llmi_reward_request_seconds histogram\n",
                 open);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    sum += buckets_[i];
    fmt::format_to(out, "llmi_reward_request_seconds_bucket{{le=\"{}\"}} {}\n", kBounds[i], sum);
  }
  sum += buckets_[kBounds.size()];
  fmt::format_to(out,
                 "llmi_reward_request_seconds_bucket{{le=\"+Inf\"}} {}\nllmi_reward_request_seconds_sum {}\n"
                 "llmi_reward_request_seconds_count {}\n",
                 sum, seconds_, sum);
  return text;
}

}  // namespace llmi::server
