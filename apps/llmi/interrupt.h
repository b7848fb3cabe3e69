#pragma once

#include <stop_token>
#include <thread>

namespace llmi::app {

/// Turns the first SIGINT or SIGTERM into a stop request; the second ends the process at once with exit code 130.
/// Make one before any other thread: the signals are blocked in every thread that starts later and taken by one of its
/// own.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread watcher_;
};

}  // namespace llmi::app
