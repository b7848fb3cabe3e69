#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/run_context.h"

namespace llmi {

/// A program to start. The child gets its own session, exactly `environment`, and no descriptor but 0, 1, 2 and
/// `inherit`.
struct ChildSpec {
  std::vector<std::string> argv;             ///< argv[0] is looked up on the PATH when it holds no slash.
  std::vector<std::string> environment;      ///< "NAME=value" entries; nothing else is passed on.
  std::filesystem::path directory;           ///< Working directory; empty: ours.
  std::vector<std::pair<int, int>> inherit;  ///< {our descriptor, its number in the child (>= 3)}.
};

/// What a child that has ended left behind.
struct ChildResult {
  int exit_code = 0;       ///< Its exit code, or 128 + signal.
  bool timed_out = false;  ///< We killed it because the deadline passed.
  bool cancelled = false;  ///< We killed it because a stop was requested.
  std::string out;         ///< At most the asked-for number of bytes; the rest was read and dropped.
  std::string err;
};

/// Runs a program to its end: feeds `input` to it, collects its output, kills its whole process group when the
/// context's deadline passes or a stop is requested. Errors: kNotFound or kInternal when it cannot be started.
/// Thread-safe.
[[nodiscard]] Result<ChildResult> run_child(const RunContext& context, const ChildSpec& spec,
                                            std::string_view input = {},
                                            std::size_t output_limit = std::size_t{1} << 20);

/// A long-lived child with pipes to its standard streams. Owner of the process: the destructor kills its process group
/// and reaps it. Not thread-safe.
class ChildProcess {
 public:
  [[nodiscard]] static Result<ChildProcess> start(const ChildSpec& spec);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Our ends of the child's standard streams, owned by this object; -1 once closed.
  [[nodiscard]] int stdin_fd() const { return fds_[0]; }
  [[nodiscard]] int stdout_fd() const { return fds_[1]; }
  [[nodiscard]] int stderr_fd() const { return fds_[2]; }
  void close_stdin();
  /// Sends SIGKILL to the whole process group; wait() then returns soon.
  void kill();
  /// Exit code (or 128 + signal) without waiting; empty while it runs.
  [[nodiscard]] std::optional<int> poll();
  /// Waits for the end; exit code or 128 + signal.
  int wait();

 private:
  ChildProcess(pid_t pid, int in, int out, int err) : pid_(pid), fds_{in, out, err} {}
  void release();

  pid_t pid_ = -1;
  int fds_[3] = {-1, -1, -1};
  std::optional<int> status_;
};

}  // namespace llmi
