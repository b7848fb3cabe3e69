#include "tools/search/first_good.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace llmi::tools {
namespace {

using Attempt = std::function<Result<image::Picture>(const RunContext&, std::size_t)>;

/// One batch, tried side by side.
class Batch {
 public:
  Batch(const RunContext& context, const FirstGoodOptions& options, std::size_t size)
      : context_(context), options_(options), results_(size) {}

  /// Waits until the best one is known or may no longer be waited for; then ends the others.
  FirstGood run(std::size_t first, const Attempt& attempt) {
    const std::stop_callback forward(context_.stop, [this] { stop_.request_stop(); });
    RunContext inner = context_.capped(options_.each);
    inner.stop = stop_.get_token();
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < results_.size(); ++i)
        threads.emplace_back([this, &attempt, inner, first, i] { finish(i, attempt(inner, first + i)); });
      wait();
      stop_.request_stop();
    }
    return outcome(first);
  }

 private:
  void finish(std::size_t i, Result<image::Picture> result) {
    {
      const std::lock_guard lock(mutex_);
      results_[i] = std::move(result);
    }
    changed_.notify_all();
  }

  /// The best-ranked good one so far.
  [[nodiscard]] std::optional<std::size_t> best() const {
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (results_[i] && results_[i]->has_value()) return i;
    }
    return std::nullopt;
  }

  [[nodiscard]] bool decided() const {
    const std::size_t needed = best().value_or(results_.size());
    return std::all_of(results_.begin(), results_.begin() + static_cast<std::ptrdiff_t>(needed),
                       [](const auto& result) { return result.has_value(); });
  }

  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return best() || decided(); });
    changed_.wait_until(lock, Deadline::after(options_.wait_for_better).at(), [this] { return decided(); });
  }

  FirstGood outcome(std::size_t first) {
    FirstGood outcome;
    if (const auto chosen = best()) {
      outcome.index = first + *chosen;
      outcome.picture = *std::move(*results_[*chosen]);
      return outcome;
    }
    for (const auto& result : results_) outcome.problems.push_back(result->error());
    return outcome;
  }

  const RunContext& context_;
  const FirstGoodOptions& options_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::optional<Result<image::Picture>>> results_;
};

}  // namespace

FirstGood first_good(const RunContext& context, std::size_t count, const FirstGoodOptions& options,
                     const Attempt& attempt) {
  FirstGood all;
  for (std::size_t first = 0; first < count; first += options.at_once) {
    if (const auto go_on = context.check(); !go_on) {
      all.problems.push_back(go_on.error());
      break;
    }
    const std::size_t size = std::min(options.at_once, count - first);
    FirstGood batch = Batch(context, options, size).run(first, attempt);
    if (batch.picture) return batch;
    std::ranges::move(batch.problems, std::back_inserter(all.problems));
  }
  return all;
}

}  // namespace llmi::tools
