#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace llmi::server {

/// Counts what the service did, for Prometheus. Thread-safe.
class Metrics {
 public:
  void count_request(std::string_view route, int status, std::chrono::nanoseconds duration);
  void count_sample(std::string_view status);

  /// Text exposition format 0.0.4. `open`: samples that wait or are being scored.
  [[nodiscard]] std::string text(std::size_t open) const;

 private:
  static constexpr std::array<double, 9> kBounds{0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120};  // seconds
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;
  std::map<std::string, std::uint64_t, std::less<>> samples_;
  std::array<std::uint64_t, kBounds.size() + 1> buckets_{};
  double seconds_ = 0;
};

}  // namespace llmi::server
