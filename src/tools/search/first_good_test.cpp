#include "tools/search/first_good.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace llmi::tools {
namespace {

using namespace std::chrono_literals;

image::Picture picture(std::size_t i) { return {.bytes = std::to_string(i)}; }
Result<image::Picture> bad() { return fail(ErrorCode::kUnreadable, Origin::kTool, "bad"); }

/// Waits for the stop or the deadline, as a download does.
Result<image::Picture> hang(const RunContext& context) {
  while (context.check()) std::this_thread::yield();
  return std::unexpected(context.check().error());
}

TEST(FirstGood, TheBestRankedWinsThoughOthersAreQuicker) {
  std::latch second_done(1);
  const FirstGood good = first_good({}, 3, {}, [&](const RunContext&, std::size_t i) -> Result<image::Picture> {
    if (i == 0) second_done.wait();
    if (i == 1) second_done.count_down();
    return picture(i);
  });
  ASSERT_TRUE(good.picture);
  EXPECT_EQ(good.index, 0U);
}

TEST(FirstGood, WaitsOnlySoLongForABetterOne) {
  const FirstGood good = first_good({}, 3, {.wait_for_better = 5ms}, [&](const RunContext& context, std::size_t i) {
    return i < 2 ? hang(context) : Result<image::Picture>(picture(i));
  });
  EXPECT_EQ(good.index, 2U);
  EXPECT_EQ(good.picture->bytes, "2");
}

TEST(FirstGood, EachHasItsTime) {
  const FirstGood good =
      first_good({}, 2, {.each = 5ms}, [&](const RunContext& context, std::size_t) { return hang(context); });
  EXPECT_FALSE(good.picture);
  ASSERT_EQ(good.problems.size(), 2U);
  EXPECT_EQ(good.problems[0].code, ErrorCode::kTimeout);
}

TEST(FirstGood, TheNextBatchComesWhenTheFirstHasNothing) {
  std::atomic<std::size_t> tried = 0;
  const auto attempt = [&](const RunContext&, std::size_t i) {
    ++tried;
    return i == 9 ? Result<image::Picture>(picture(i)) : bad();
  };
  EXPECT_EQ(first_good({}, 30, {.at_once = 8}, attempt).index, 9U);
  EXPECT_EQ(tried, 16U);
  tried = 0;
  EXPECT_EQ(first_good({}, 3, {.at_once = 8}, attempt).problems.size(), 3U);
}

TEST(FirstGood, NoMoreThanAllowedAtOnce) {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  static_cast<void>(first_good({}, 12, {.at_once = 3}, [&](const RunContext&, std::size_t) {
    const int now = ++inside;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::yield();
    --inside;
    return bad();
  }));
  EXPECT_LE(most, 3);
}

TEST(FirstGood, AStopEndsTheTrying) {
  std::stop_source stop;
  const FirstGood good = first_good({.stop = stop.get_token()}, 30, {}, [&](const RunContext& context, std::size_t) {
    stop.request_stop();
    return hang(context);
  });
  EXPECT_FALSE(good.picture);
  EXPECT_EQ(good.problems.back().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace llmi::tools
