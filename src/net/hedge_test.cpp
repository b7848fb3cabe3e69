#include "net/hedge.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/pause.h"

namespace llmi::net {
namespace {

using namespace std::chrono_literals;

/// Waits until it is stopped.
Result<HttpResponse> never(const RunContext& context) { return std::unexpected(pause(context, 1h).error()); }

TEST(Hedge, OneCallWhereTheAnswerComes) {
  std::atomic<int> calls = 0;
  const auto answer = hedged({}, 10s, [&](const RunContext&) -> Result<HttpResponse> {
    ++calls;
    return HttpResponse{.status = 404};
  });
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(calls, 1);
}

TEST(Hedge, ASilentCallIsOvertakenAndStopped) {
  std::atomic<int> calls = 0;
  std::atomic<bool> stopped = false;
  const auto answer = hedged({}, 5ms, [&](const RunContext& context) -> Result<HttpResponse> {
    if (++calls == 2) return HttpResponse{.status = 200, .body = "second"};
    auto result = never(context);
    stopped = context.cancelled();
    return result;
  });
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "second");
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(stopped);
}

TEST(Hedge, AFailureWaitsForTheOtherCall) {
  std::atomic<int> calls = 0;
  std::atomic<bool> failed = false;
  const auto answer = hedged({}, 5ms, [&](const RunContext&) -> Result<HttpResponse> {
    if (++calls == 2) {
      failed = true;
      return HttpResponse{.status = 503};
    }
    while (!failed) std::this_thread::yield();
    return HttpResponse{.status = 200};
  });
  EXPECT_EQ(answer->status, 200);
}

TEST(Hedge, AStopAndADeadlineEndBothCalls) {
  std::stop_source stop;
  std::atomic<int> calls = 0;
  const auto counted = [&](const RunContext& context) {
    if (++calls == 2) stop.request_stop();
    return never(context);
  };
  EXPECT_EQ(hedged({.stop = stop.get_token()}, 1ms, counted).error().code, ErrorCode::kCancelled);
  EXPECT_EQ(hedged({.deadline = Deadline::after(20ms)}, 1ms, never).error().code, ErrorCode::kTimeout);
}

TEST(Hedge, OnlyWhatCostsNothing) {
  EXPECT_TRUE(may_hedge({}));
  EXPECT_FALSE(may_hedge({.method = "POST"}));
  EXPECT_FALSE(may_hedge({.secret_headers = {{"Authorization", "x"}}}));
  EXPECT_FALSE(may_hedge({.secret_query = {{"key", "x"}}}));
}

}  // namespace
}  // namespace llmi::net
