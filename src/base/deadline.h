#pragma once

#include <chrono>

namespace llmi {

using Clock = std::chrono::steady_clock;

/// A point in time after which work must stop; a value, freely copied. The default never passes.
class Deadline {
 public:
  Deadline() = default;
  explicit Deadline(Clock::time_point at) : at_(at) {}

  [[nodiscard]] static Deadline never() { return {}; }
  [[nodiscard]] static Deadline after(Clock::duration span) { return Deadline(Clock::now() + span); }

  [[nodiscard]] bool is_never() const { return at_ == Clock::time_point::max(); }
  [[nodiscard]] bool passed() const { return !is_never() && Clock::now() >= at_; }
  [[nodiscard]] Clock::time_point at() const { return at_; }

  /// Time left, never negative; Clock::duration::max() when the deadline never passes.
  [[nodiscard]] Clock::duration remaining() const {
    if (is_never()) return Clock::duration::max();
    const auto now = Clock::now();
    return now >= at_ ? Clock::duration::zero() : at_ - now;
  }

  /// The earlier of this deadline and `span` from now: the deadline of a step inside a larger task.
  [[nodiscard]] Deadline capped(Clock::duration span) const {
    const Deadline step = after(span);
    return step.at_ < at_ ? step : *this;
  }

 private:
  Clock::time_point at_ = Clock::time_point::max();
};

}  // namespace llmi
