#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/run_context.h"
#include "net/network.h"

namespace llmi::tools::pictures {

/// A picture server on this machine that is started when it is needed and nothing answers at its address, and that ends
/// with us, however we end. It gets no key of ours. Thread-safe.
class ManagedServer {
 public:
  /// `url`: where it will listen. `command`: program and arguments.
  ManagedServer(std::string url, std::vector<std::string> command);
  ManagedServer(const ManagedServer&) = delete;
  ManagedServer& operator=(const ManagedServer&) = delete;
  /// Asks the server to end, and makes it after some seconds.
  ~ManagedServer();

  /// Waits until something answers at the address; starts the server if nothing does, again if it has ended.
  /// Errors: kUnavailable with the last lines it wrote (it cannot be started, it ended, it does not answer), kTimeout,
  /// kCancelled.
  [[nodiscard]] Result<void> ready(const RunContext& context, net::Network& network);

 private:
  [[nodiscard]] bool answers(const RunContext& context, net::Network& network) const;
  /// kUnavailable when it has ended, or should have answered by now.
  [[nodiscard]] Result<void> alive(bool overdue);
  void start();
  void keep(const std::stop_token& stop);
  [[nodiscard]] std::unexpected<Error> failed(std::string_view what);

  std::string url_;
  std::vector<std::string> command_;
  std::mutex starting_;  ///< One caller starts it, the others wait.

  std::mutex mutex_;
  bool running_ = false;          // guarded by mutex_
  std::string last_lines_;        // guarded by mutex_
  std::optional<int> exit_code_;  // guarded by mutex_
  std::jthread keeper_;           // last: its end is the server's
};

}  // namespace llmi::tools::pictures
