#include "server/alarm_clock.h"

namespace llmi::server {

AlarmClock::~AlarmClock() {
  thread_.request_stop();
  changed_.notify_all();
}

AlarmClock::Alarm AlarmClock::set(Deadline deadline, std::function<void()> ring) {
  const std::scoped_lock lock(mutex_);
  const Alarm alarm{deadline.at(), ++next_};
  if (deadline.is_never()) return alarm;
  const bool first = alarms_.empty() || alarm < alarms_.begin()->first;
  alarms_.emplace(alarm, std::move(ring));
  if (first) changed_.notify_all();
  return alarm;
}

void AlarmClock::cancel(const Alarm& alarm) {
  const std::scoped_lock lock(mutex_);
  alarms_.erase(alarm);
}

void AlarmClock::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (alarms_.empty()) {
      changed_.wait(lock, stop, [&] { return !alarms_.empty(); });
      continue;
    }
    const Clock::time_point next = alarms_.begin()->first.at;
    if (Clock::now() < next) {
      changed_.wait_until(lock, stop, next, [&] { return alarms_.empty() || alarms_.begin()->first.at < next; });
      continue;
    }
    const auto ring = std::move(alarms_.begin()->second);
    alarms_.erase(alarms_.begin());
    lock.unlock();
    ring();
    lock.lock();
  }
}

}  // namespace llmi::server
