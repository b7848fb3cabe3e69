#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

#include "reward/sample_reader.h"
#include "sandbox/pool.h"
#include "server/http.h"
#include "server/http_server.h"
#include "server/metrics.h"
#include "server/score_desk.h"

namespace llmi::server {

/// Scores over HTTP (docs/reward.md): our own route, those of the training frameworks, and /run_code over the sandbox.
/// Thread-safe. Outlived by its parts.
class RewardService {
 public:
  struct Options {
    const reward::Scorer* scorer = nullptr;
    const reward::SampleReader* reader = nullptr;
    sandbox::Pool* sandbox = nullptr;  ///< Null: /run_code is not offered.
    reward::Variant variant = reward::Variant::kStrict;
    std::string token;  ///< What clients must send as "Bearer TOKEN"; empty: nothing.
    std::size_t max_open = 4096;
  };
  explicit RewardService(Options options);

  /// Stops the service's threads; to be called when nothing is asked any more, and before the judges end.
  void close() { desk_.close(); }

  /// Answers a request; does not block.
  void handle(HttpRequest request, Respond respond);
  /// OpenEnv's protocol, at /ws.
  [[nodiscard]] std::unique_ptr<WebSocketPeer> open_socket(const std::string& path, const std::string& authorization);

 private:
  [[nodiscard]] bool allowed(const std::string& authorization) const;
  [[nodiscard]] bool full() const { return desk_.open() + unread_ >= options_.max_open; }

  const Options options_;
  std::atomic<std::size_t> unread_ = 0;  // requests whose samples are not yet counted by the desk
  Metrics metrics_;
  ScoreDesk desk_;
};

}  // namespace llmi::server
