#include "base/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace llmi {
namespace {

ChildSpec shell(std::string script) { return {.argv = {"/bin/sh", "-c", std::move(script)}, .environment = {"A=b"}}; }

TEST(ChildProcess, PassesInputOutputAndOnlyTheGivenEnvironment) {
  const auto result = run_child({}, shell("cat; echo \"$A$HOME\" >&2; exit 7"), "hello").value();
  EXPECT_EQ(result.out, "hello");
  EXPECT_EQ(result.err, "b\n");
  EXPECT_EQ(result.exit_code, 7);
}

TEST(ChildProcess, LargeInputAndOutputDoNotBlockEachOther) {
  const std::string big(1 << 20, 'x');
  EXPECT_EQ(run_child({}, shell("cat"), big, std::size_t{2} << 20).value().out, big);
  EXPECT_EQ(run_child({}, shell("cat"), big, 10).value().out.size(), 10U);
}

TEST(ChildProcess, DeadlineKillsTheWholeGroup) {
  const RunContext context{.deadline = Deadline::after(std::chrono::milliseconds(50))};
  const auto result = run_child(context, shell("sleep 100 & sleep 100")).value();
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, 128 + SIGKILL);
}

TEST(ChildProcess, StopKills) {
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_TRUE(run_child({.stop = stop.get_token()}, shell("sleep 100")).value().cancelled);
}

TEST(ChildProcess, MissingProgramIsNotFound) {
  EXPECT_EQ(run_child({}, {.argv = {"/nonexistent/program"}}).error().code, ErrorCode::kNotFound);
}

TEST(ChildProcess, NoDescriptorLeaksIn) {
  std::array<int, 2> fds{};
  ASSERT_EQ(::pipe(fds.data()), 0);  // without O_CLOEXEC, as a careless library would
  EXPECT_EQ(run_child({}, shell("ls /proc/self/fd | wc -l")).value().out, "4\n");  // 0, 1, 2 and ls's own
  ::close(fds[0]);
  ::close(fds[1]);
}

TEST(ChildProcess, InheritedDescriptorsArriveUnderTheirNumbers) {
  std::array<int, 2> a{};
  std::array<int, 2> b{};
  ASSERT_EQ(::pipe2(a.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(b.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::write(a[1], "A", 1), 1);
  ASSERT_EQ(::write(b[1], "B", 1), 1);
  ::close(a[1]);
  ::close(b[1]);
  ChildSpec spec = shell("cat <&4; cat <&3");
  spec.inherit = {{a[0], 3}, {b[0], 4}};
  EXPECT_EQ(run_child({}, spec).value().out, "BA");
  ::close(a[0]);
  ::close(b[0]);
}

}  // namespace
}  // namespace llmi
