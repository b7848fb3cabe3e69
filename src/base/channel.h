#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/deadline.h"

namespace llmi {

/// A bounded queue between threads. Any number of senders and receivers; all members are thread-safe.
/// After close() nothing more can be sent; what was sent before can still be received.
template <class T>
class Channel {
 public:
  explicit Channel(std::size_t capacity) : capacity_(capacity) {}

  /// Waits for room. False when the channel is closed or `stop` is requested; the value is then dropped.
  bool send(T value, const std::stop_token& stop = {}) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, stop, [&] { return closed_ || items_.size() < capacity_; });
    if (closed_ || items_.size() >= capacity_) return false;
    items_.push_back(std::move(value));
    lock.unlock();
    filled_.notify_one();
    return true;
  }

  /// Waits for an item. Empty when the channel is closed and drained, `stop` is requested, or the deadline passes.
  std::optional<T> receive(Deadline deadline = {}, const std::stop_token& stop = {}) {
    std::unique_lock lock(mutex_);
    const auto ready = [&] { return closed_ || !items_.empty(); };
    if (deadline.is_never()) {
      filled_.wait(lock, stop, ready);
    } else {
      filled_.wait_until(lock, stop, deadline.at(), ready);
    }
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    lock.unlock();
    room_.notify_one();
    return item;
  }

  void close() {
    {
      const std::scoped_lock lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
    room_.notify_all();
  }

  [[nodiscard]] bool closed() const {
    const std::scoped_lock lock(mutex_);
    return closed_;
  }

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable_any room_;
  std::condition_variable_any filled_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace llmi
