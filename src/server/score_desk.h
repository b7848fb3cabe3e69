#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "reward/scorer.h"
#include "server/alarm_clock.h"
#include "server/metrics.h"
#include "server/task_pool.h"

namespace llmi::server {

/// Scores batches of samples for many clients at once, each batch under its own deadline. Equal samples are scored
/// once, whether they come together or one after the other. Thread-safe; the destructor drops what waits.
class ScoreDesk {
 public:
  struct Options {
    const reward::Scorer* scorer = nullptr;  ///< Outlives the desk.
    std::size_t max_open = 4096;  ///< Samples that wait or are being scored; a batch that would be more is refused.
    std::size_t threads = 16;     ///< They read samples and run tools.
  };
  ScoreDesk(Options options, Metrics& metrics);

  /// Runs `task` on one of the desk's threads, where it may block and call score().
  void post(std::function<void()> task) { pool_.post(std::move(task)); }

  using Done = std::function<void(std::vector<reward::Score>)>;
  /// Scores in the order of the samples; called exactly once, from any thread, at the deadline at the latest: what is
  /// not there by then is unavailable. Its scoring goes on, for others that wait for it and for clients that ask again.
  /// False, and no call, when there are too many open samples.
  [[nodiscard]] bool score(std::vector<reward::Sample> samples, reward::Variant variant, Deadline deadline, Done done);

  [[nodiscard]] std::size_t open() const;

  /// Stops the desk's threads; samples that wait for them are never answered. Replies of judges may still come.
  void close();

 private:
  class Batch;
  using OneDone = std::function<void(const reward::Score&)>;
  struct Job {
    std::vector<OneDone> waiting;
  };
  void score_one(reward::Sample sample, reward::Variant variant, const OneDone& done);
  void finish_one(const std::string& key, const reward::Score& score);

  const Options options_;
  Metrics& metrics_;
  std::stop_source stop_;
  mutable std::mutex mutex_;
  std::size_t open_ = 0;
  std::unordered_map<std::string, Job> jobs_;
  std::unordered_map<std::string, std::shared_ptr<const reward::Score>> known_;
  std::list<std::string> known_order_;  // the oldest first
  AlarmClock clock_;
  TaskPool pool_;
};

}  // namespace llmi::server
