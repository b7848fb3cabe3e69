#include "sandbox/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace llmi::sandbox
