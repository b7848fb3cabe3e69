#pragma once

#include <cstdint>

#include "base/deadline.h"

namespace llmi::lm {

/// Decides whether a step runs on all threads or on one. The threads of a step wait for each other by spinning,
/// hundreds of times a token: on a busy machine, where one of them is not running, that makes many threads dozens of
/// times slower than one. Both ways compute the same numbers. Pure; not thread-safe.
class ThreadChoice {
 public:
  explicit ThreadChoice(std::uint32_t threads) : threads_(threads) {}

  /// For the next step.
  [[nodiscard]] std::uint32_t threads() const { return alone() ? 1 : threads_; }

  /// A step that wrote one token a request took this long with threads().
  void observe(Clock::duration step);

 private:
  [[nodiscard]] bool alone() const { return threads_ == 1 || (settled_alone_ && !trying_); }
  void judge_trial(double seconds);

  std::uint32_t threads_;
  bool settled_alone_ = true;  ///< One thread is the better choice at present. A first step on all could last seconds.
  bool trying_ = false;        ///< The next step tries all threads.
  bool tried_ = false;         ///< They have been tried once.
  int steps_ = 0;              ///< Since the choice was made or all threads were tried.
  int slow_ = 0;               ///< Steps in a row that one thread would have done faster.
  double alone_seconds_ = 0;   ///< What one thread took last, smoothed; 0: not known.
};

}  // namespace llmi::lm
