#include "base/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace llmi {
namespace {

struct Pipe {
  int read = -1;
  int write = -1;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0) return internal_error(fmt::format("pipe: {}", std::strerror(errno)));
  return Pipe{fds[0], fds[1]};
}

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (const std::string& text : strings) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

int decode_status(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

/// Owns posix_spawn's two option objects.
class SpawnOptions {
 public:
  SpawnOptions() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t all_signals;
    sigset_t none;
    sigfillset(&all_signals);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all_signals);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnOptions(const SpawnOptions&) = delete;
  SpawnOptions& operator=(const SpawnOptions&) = delete;
  ~SpawnOptions() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  void map(int ours, int theirs) { posix_spawn_file_actions_adddup2(&actions_, ours, theirs); }
  void close_from(int first) { posix_spawn_file_actions_addclosefrom_np(&actions_, first); }
  void change_directory(const char* path) { posix_spawn_file_actions_addchdir_np(&actions_, path); }
  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// Copies of the inherited descriptors above every target number, so that dup2 never overwrites one still needed.
class LiftedDescriptors {
 public:
  explicit LiftedDescriptors(const std::vector<std::pair<int, int>>& inherit) {
    int above = 3;
    for (const auto& [ours, theirs] : inherit) above = std::max(above, theirs + 1);
    for (const auto& [ours, theirs] : inherit) lifted_.emplace_back(::fcntl(ours, F_DUPFD_CLOEXEC, above), theirs);
  }
  LiftedDescriptors(const LiftedDescriptors&) = delete;
  LiftedDescriptors& operator=(const LiftedDescriptors&) = delete;
  ~LiftedDescriptors() {
    for (auto& [fd, theirs] : lifted_) close_fd(fd);
  }
  /// Adds the mappings; returns the first descriptor number that must not reach the child.
  int apply(SpawnOptions& options) const {
    int first_closed = 3;
    for (const auto& [fd, theirs] : lifted_) {
      options.map(fd, theirs);
      first_closed = std::max(first_closed, theirs + 1);
    }
    return first_closed;
  }

 private:
  std::vector<std::pair<int, int>> lifted_;
};

/// Appends what is readable on `fd` to `sink` up to `limit` bytes and drops the rest; false at end of file.
bool drain(int fd, std::string& sink, std::size_t limit) {
  std::array<char, 65536> buffer;
  const ssize_t n = ::read(fd, buffer.data(), buffer.size());
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  if (n == 0) return false;
  const std::size_t room = limit > sink.size() ? limit - sink.size() : 0;
  sink.append(buffer.data(), std::min(room, static_cast<std::size_t>(n)));
  return true;
}

/// Moves bytes between us and the child until it has closed its outputs or has to be killed.
class Exchange {
 public:
  Exchange(ChildProcess& child, std::string_view input, std::size_t limit)
      : child_(child), input_(input), limit_(limit) {
    ::fcntl(child.stdin_fd(), F_SETFL, O_NONBLOCK);
    if (input_.empty()) child_.close_stdin();
  }

  void run(const RunContext& context, ChildResult& result) {
    bool out_open = true;
    bool err_open = true;
    while (out_open || err_open) {
      result.cancelled = context.cancelled();
      result.timed_out = !result.cancelled && context.deadline.passed();
      if (result.cancelled || result.timed_out) {
        child_.kill();
        return;
      }
      std::array<pollfd, 3> fds{pollfd{out_open ? child_.stdout_fd() : -1, POLLIN, 0},
                                pollfd{err_open ? child_.stderr_fd() : -1, POLLIN, 0},
                                pollfd{child_.stdin_fd(), POLLOUT, 0}};
      ::poll(fds.data(), fds.size(), poll_timeout_ms(context));
      if (fds[0].revents != 0) out_open = drain(child_.stdout_fd(), result.out, limit_);
      if (fds[1].revents != 0) err_open = drain(child_.stderr_fd(), result.err, limit_);
      if (fds[2].revents != 0) feed();
    }
  }

 private:
  // A stop request has no descriptor to poll, so we look for it at least 50 times a second.
  static int poll_timeout_ms(const RunContext& context) {
    using std::chrono::milliseconds;
    const auto left = std::chrono::duration_cast<milliseconds>(
        std::min<Clock::duration>(context.deadline.remaining(), milliseconds(20)));
    return static_cast<int>(left.count()) + 1;
  }

  void feed() {
    const ssize_t n = ::write(child_.stdin_fd(), input_.data(), input_.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n > 0) input_.remove_prefix(static_cast<std::size_t>(n));
    if (n <= 0 || input_.empty()) child_.close_stdin();
  }

  ChildProcess& child_;
  std::string_view input_;
  std::size_t limit_;
};

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildSpec& spec) {
  LLMI_TRY(Pipe in, make_pipe());
  LLMI_TRY(Pipe out, make_pipe());
  LLMI_TRY(Pipe err, make_pipe());
  SpawnOptions options;
  const LiftedDescriptors lifted(spec.inherit);
  options.map(in.read, 0);
  options.map(out.write, 1);
  options.map(err.write, 2);
  options.close_from(lifted.apply(options));
  if (!spec.directory.empty()) options.change_directory(spec.directory.c_str());
  pid_t pid = -1;
  auto argv = pointers(spec.argv);
  auto environment = pointers(spec.environment);
  const int status =
      ::posix_spawnp(&pid, argv[0], options.actions(), options.attributes(), argv.data(), environment.data());
  close_fd(in.read);
  close_fd(out.write);
  close_fd(err.write);
  if (status != 0) {
    close_fd(in.write);
    close_fd(out.read);
    close_fd(err.read);
    return fail(status == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInternal, Origin::kInternal,
                fmt::format("cannot start {}: {}", spec.argv.front(), std::strerror(status)));
  }
  return ChildProcess(pid, in.write, out.read, err.read);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      fds_{std::exchange(other.fds_[0], -1), std::exchange(other.fds_[1], -1), std::exchange(other.fds_[2], -1)},
      status_(std::exchange(other.status_, std::nullopt)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    release();
    pid_ = std::exchange(other.pid_, -1);
    for (int i = 0; i < 3; ++i) fds_[i] = std::exchange(other.fds_[i], -1);
    status_ = std::exchange(other.status_, std::nullopt);
  }
  return *this;
}

ChildProcess::~ChildProcess() { release(); }

void ChildProcess::release() {
  if (pid_ > 0 && !poll()) {
    kill();
    wait();
  }
  for (int& fd : fds_) close_fd(fd);
}

void ChildProcess::close_stdin() { close_fd(fds_[0]); }

void ChildProcess::kill() {
  if (pid_ > 0 && !status_) ::kill(-pid_, SIGKILL);
}

std::optional<int> ChildProcess::poll() {
  int status = 0;
  if (!status_ && pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = decode_status(status);
  return status_;
}

int ChildProcess::wait() {
  int status = 0;
  while (!status_ && pid_ > 0) {
    if (::waitpid(pid_, &status, 0) == pid_) {
      status_ = decode_status(status);
    } else if (errno != EINTR) {
      status_ = 255;
    }
  }
  return status_.value_or(255);
}

Result<ChildResult> run_child(const RunContext& context, const ChildSpec& spec, std::string_view input,
                              std::size_t output_limit) {
  LLMI_TRY(ChildProcess child, ChildProcess::start(spec));
  ChildResult result;
  Exchange(child, input, output_limit).run(context, result);
  result.exit_code = child.wait();
  return result;
}

}  // namespace llmi
