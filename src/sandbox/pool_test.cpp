#include "sandbox/pool.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

namespace llmi::sandbox {
namespace {

TEST(PoolTest, WithoutAWorkingInterpreterItIsUnavailableAndSaysWhatToDo) {
  for (const char* python : {"/nonexistent/python3", "/usr/bin/false", "/usr/bin/cat"}) {
    Pool pool(Settings{.python = python}, 1);
    const auto probe = pool.probe({.deadline = Deadline::after(std::chrono::seconds(20))});
    ASSERT_FALSE(probe) << python;
    EXPECT_EQ(probe.error().code, ErrorCode::kUnavailable) << python;
    EXPECT_THAT(probe.error().message, testing::HasSubstr("install")) << python;
    const auto run = pool.run({.deadline = Deadline::after(std::chrono::seconds(20))}, {.code = "plt.plot([1])"});
    EXPECT_FALSE(run) << python;
  }
}

TEST(PoolTest, RunsSideBySide) {
  Pool pool(Settings{}, 1);
  const std::string code = "import time\ntime.sleep(0.2)\nplt.bar(['a'], [3], label='s')\nplt.title('T')";
  std::optional<Result<CodeResult>> other;
  {
    const std::jthread thread([&] { other = pool.run({}, {.code = code}); });
    const auto result = pool.run({}, {.code = code});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->titles, std::vector<std::string>{"T"});
    EXPECT_EQ(result->values, std::vector<double>{3});
  }
  ASSERT_TRUE(other && *other);
  EXPECT_FALSE((*other)->picture.empty());
}

TEST(PoolTest, EndsWithTheRun) {
  Pool pool(Settings{}, 1);
  ASSERT_TRUE(pool.probe({}));
  const auto late =
      pool.run({.deadline = Deadline::after(std::chrono::milliseconds(300))}, {.code = "while True: pass"});
  EXPECT_TRUE(!late || late->fault);
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = pool.run({.stop = stop.get_token()}, {.code = "while True: pass"});
  EXPECT_TRUE(!cancelled || cancelled->fault);
  EXPECT_TRUE(pool.run({}, {.code = "plt.plot([1, 2])"}).value().fault == std::nullopt);
}

TEST(PoolTest, SvgOnRequest) {
  Pool pool(Settings{}, 1);
  const auto result = pool.run({}, {.code = "plt.plot([1, 2])", .format = "svg"});
  ASSERT_TRUE(result);
  EXPECT_THAT(result->picture, testing::HasSubstr("<svg"));
}

/// A stand-in for bubblewrap that anyone may start.
class FakeBubblewrap {
 public:
  explicit FakeBubblewrap(const std::string& script) {
    std::ofstream(path_) << "#!/bin/sh\n" << script << "\n";
    // The sandbox starts it as another user.
    using std::filesystem::perms;
    std::filesystem::permissions(
        path_, perms::owner_all | perms::group_read | perms::group_exec | perms::others_read | perms::others_exec);
  }
  FakeBubblewrap(const FakeBubblewrap&) = delete;
  FakeBubblewrap& operator=(const FakeBubblewrap&) = delete;
  ~FakeBubblewrap() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / fmt::format("llmi-bwrap-{}", ::getpid());
};

void expect_unavailable(const std::filesystem::path& bubblewrap, const std::string& why) {
  Pool pool(Settings{.bubblewrap = bubblewrap}, 1);
  const RunContext context{.deadline = Deadline::after(std::chrono::seconds(20))};
  const auto probe = pool.probe(context);
  ASSERT_FALSE(probe);
  EXPECT_EQ(probe.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(probe.error().message, testing::HasSubstr(why));
  EXPECT_THAT(probe.error().message, testing::HasSubstr("install bubblewrap"));
  const auto run = pool.run(context, {.code = "plt.plot([1])"});
  EXPECT_FALSE(run && !run->fault);
}

TEST(PoolTest, FailsClosedWithoutBubblewrap) { expect_unavailable("/nonexistent/bwrap", "is missing"); }

TEST(PoolTest, FailsClosedWhenBubblewrapIsRefused) {
  const FakeBubblewrap fake("echo 'bwrap: No permissions to create new namespace' >&2; exit 1");
  expect_unavailable(fake.path(), "No permissions to create new namespace");
}

TEST(PoolTest, FailsClosedWhenBubblewrapIsBroken) {
  const FakeBubblewrap fake("echo hello; exec cat");
  expect_unavailable(fake.path(), "cannot be read");
}

TEST(PoolTest, FailsClosedWhenBubblewrapDoesNotConfine) {
  const FakeBubblewrap fake(
      "exec /usr/bin/python3 -I -S -c \"import sys; sys.path.append('/usr/lib/python3/dist-packages'); "
      "exec(open('/dev/fd/3').read())\"");
  expect_unavailable(fake.path(), "without confining it");
}

TEST(PoolTest, KeepsOneMebibyteOfOutput) {
  Pool pool(Settings{}, 1);
  constexpr std::size_t kKept = std::size_t{1} << 20;
  struct Case {
    const char* code;
    std::size_t kept;
  };
  for (const auto& [code, kept] :
       {Case{"'x' * ((1 << 20) - 1)", kKept - 1}, Case{"'x' * (1 << 20)", kKept}, Case{"'x' * ((1 << 20) + 1)", kKept},
        Case{"'x' * ((1 << 20) - 1) + 'ä'", kKept - 1}}) {
    const auto result = pool.run({}, {.code = fmt::format("sys = __import__('sys')\nsys.stdout.write({0})\n"
                                                          "sys.stderr.write({0})\nplt.plot([1])",
                                                          code)});
    ASSERT_TRUE(result && !result->fault) << code;
    EXPECT_EQ(result->out.size(), kept) << code;
    EXPECT_EQ(result->err, result->out) << code;
  }
  const auto broken = pool.run({}, {.code = "__import__('os').write(1, b'\\xff' * (1 << 20))\nplt.plot([1])"});
  ASSERT_TRUE(broken && !broken->fault);
  EXPECT_LE(broken->out.size(), kKept);
}

}  // namespace
}  // namespace llmi::sandbox
