#include "tools/pictures/managed_server.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "base/child_process.h"
#include "base/pause.h"

extern char** environ;

namespace llmi::tools::pictures {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 5min;  // Large models take long to load.
constexpr auto kBetweenLooks = 100ms;
constexpr auto kGrace = 3s;
constexpr std::size_t kKeptOutput = 4096;
constexpr std::size_t kShownOutput = 400;

/// What a server may need to find itself, its models and its devices. Keys are not among it.
constexpr std::array<std::string_view, 7> kPassedOn{"PATH",  "HOME", "USER", "LANG", "LC_ALL", "LD_LIBRARY_PATH",
                                                    "TMPDIR"};
constexpr std::array<std::string_view, 6> kPassedOnPrefixes{"CUDA_", "GGML_", "HIP_", "ROCR_", "VK_", "XDG_"};

std::vector<std::string> environment() {
  std::vector<std::string> passed;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const std::string_view name = variable.substr(0, variable.find('='));
    const bool by_name = std::ranges::find(kPassedOn, name) != kPassedOn.end();
    const bool by_prefix =
        std::ranges::any_of(kPassedOnPrefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
    if (by_name || by_prefix) passed.emplace_back(variable);
  }
  return passed;
}

/// Reads what is there; false at the end of both streams.
bool read_output(const ChildProcess& child, std::array<bool, 2>& open, std::string& into) {
  const std::array<int, 2> streams{child.stdout_fd(), child.stderr_fd()};
  std::array<pollfd, 2> waits{pollfd{open[0] ? streams[0] : -1, POLLIN, 0},
                              pollfd{open[1] ? streams[1] : -1, POLLIN, 0}};
  ::poll(waits.data(), waits.size(), static_cast<int>((kBetweenLooks / 1ms)));
  for (std::size_t i = 0; i < 2; ++i) {
    if (waits[i].revents == 0) continue;
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(streams[i], buffer.data(), buffer.size());
    if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0) open[i] = false;
  }
  return open[0] || open[1];
}

/// SIGTERM, and SIGKILL where that does not help.
void end(ChildProcess& child) {
  ::kill(-child.pid(), SIGTERM);
  const auto deadline = Clock::now() + kGrace;
  while (!child.poll() && Clock::now() < deadline) std::this_thread::sleep_for(kBetweenLooks / 10);
  child.kill();
}

}  // namespace

ManagedServer::ManagedServer(std::string url, std::vector<std::string> command)
    : url_(std::move(url)), command_(std::move(command)) {}

ManagedServer::~ManagedServer() = default;

bool ManagedServer::answers(const RunContext& context, net::Network& network) const {
  const net::HttpRequest look{.url = url_, .connect_timeout = 2s, .idle_timeout = 2s};
  return network.call(context, look, {.max_concurrent = 0, .retry = {.attempts = 1}}).has_value();
}

Result<void> ManagedServer::ready(const RunContext& context, net::Network& network) {
  const std::scoped_lock one_at_a_time(starting_);
  if (answers(context, network)) return {};
  start();
  const auto patience = Clock::now() + kPatience;
  while (!answers(context, network)) {
    LLMI_CHECK_OK(context.check());
    LLMI_CHECK_OK(alive(Clock::now() > patience));
    LLMI_CHECK_OK(pause(context, kBetweenLooks));
  }
  return {};
}

Result<void> ManagedServer::alive(bool overdue) {
  const std::scoped_lock lock(mutex_);
  if (!running_) return failed(fmt::format("ended with exit code {} before it answered", exit_code_.value_or(0)));
  if (overdue) return failed("does not answer");
  return {};
}

/// Not while one runs: it may still be loading.
void ManagedServer::start() {
  {
    const std::scoped_lock lock(mutex_);
    if (running_) return;
    running_ = true;
    last_lines_.clear();
    exit_code_.reset();
  }
  keeper_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
}

/// The life of the server. Linux ends it when this thread ends, which is why it is started here and not by a caller.
void ManagedServer::keep(const std::stop_token& stop) {
  std::vector<std::string> argv{"setpriv", "--pdeathsig", "KILL", "--"};
  argv.insert(argv.end(), command_.begin(), command_.end());
  auto child = ChildProcess::start({.argv = std::move(argv), .environment = environment()});
  std::array<bool, 2> open{true, true};
  while (child && !stop.stop_requested()) {
    std::string said;
    const bool more = read_output(*child, open, said);
    const std::scoped_lock lock(mutex_);
    last_lines_ += said;
    if (last_lines_.size() > kKeptOutput) last_lines_.erase(0, last_lines_.size() - kKeptOutput);
    if (!more || child->poll()) break;
  }
  if (child && stop.stop_requested()) end(*child);
  const int code = child ? child->wait() : 127;
  const std::scoped_lock lock(mutex_);
  if (!child) last_lines_ = child.error().message;
  exit_code_ = code;
  running_ = false;
}

/// Under the mutex.
std::unexpected<Error> ManagedServer::failed(std::string_view what) {
  std::string_view said = last_lines_;
  while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.remove_suffix(1);
  if (said.size() > kShownOutput) said.remove_prefix(said.size() - kShownOutput);
  return fail(ErrorCode::kUnavailable, Origin::kTool,
              fmt::format("the picture server `{}` {}{}", fmt::join(command_, " "), what,
                          said.empty() ? "" : fmt::format("; its last words: {}", said)));
}

}  // namespace llmi::tools::pictures
