#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "base/deadline.h"

namespace llmi::server {

/// Calls functions when deadlines pass, on a thread of its own. Thread-safe.
class AlarmClock {
 public:
  AlarmClock() : thread_([this](const std::stop_token& stop) { run(stop); }) {}
  ~AlarmClock();
  AlarmClock(const AlarmClock&) = delete;
  AlarmClock& operator=(const AlarmClock&) = delete;

  struct Alarm {
    Clock::time_point at;
    std::uint64_t number = 0;
    auto operator<=>(const Alarm&) const = default;
  };
  /// `ring` must not block. A deadline that never passes is never called.
  Alarm set(Deadline deadline, std::function<void()> ring);
  /// It does not ring any more, or has rung.
  void cancel(const Alarm& alarm);

 private:
  void run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<Alarm, std::function<void()>> alarms_;
  std::uint64_t next_ = 0;
  std::jthread thread_;
};

}  // namespace llmi::server
