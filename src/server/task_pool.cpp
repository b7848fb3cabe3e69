#include "server/task_pool.h"

namespace llmi::server {

TaskPool::TaskPool(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

TaskPool::~TaskPool() { close(); }

void TaskPool::close() {
  for (std::jthread& thread : threads_) thread.request_stop();
  filled_.notify_all();
  threads_.clear();
}

void TaskPool::post(std::function<void()> task) {
  {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  filled_.notify_one();
}

void TaskPool::run(const std::stop_token& stop) {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, stop, [&] { return !tasks_.empty(); });
      if (stop.stop_requested()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace llmi::server
