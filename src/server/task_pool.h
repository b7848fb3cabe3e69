#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace llmi::server {

/// Threads that run tasks in the order in which they come. Thread-safe but for close(); tasks that wait then are
/// dropped.
class TaskPool {
 public:
  explicit TaskPool(std::size_t threads);
  ~TaskPool();
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;

  void post(std::function<void()> task);
  /// Waits for the tasks that run; none begins any more.
  void close();

 private:
  void run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::jthread> threads_;
};

}  // namespace llmi::server
