#include "net/retry.h"

#include <gtest/gtest.h>

#include <atomic>

#include "net/testing/loopback_server.h"

namespace llmi::net {
namespace {

using namespace std::chrono_literals;
using testing::LoopbackServer;
using testing::reply;

constexpr RetryPolicy kQuick{.first_delay = 1ms};

AddressGuard allowing(const LoopbackServer& server) { return AddressGuard({*parse_allowed_host(server.url())}); }

TEST(Retry, DelaysDoubleWithJitter) {
  const RetryPolicy policy;
  EXPECT_EQ(backoff(policy, 2, 0.0), 250ms);
  EXPECT_EQ(backoff(policy, 2, 1.0), 500ms);
  EXPECT_EQ(backoff(policy, 3, 1.0), 1000ms);
}

TEST(Retry, RetryAfterInSecondsAndAsADate) {
  const auto now = std::chrono::system_clock::from_time_t(784111777);  // Sun, 06 Nov 1994 08:49:37 GMT
  const auto after = [&](std::string value) {
    return retry_after({.headers = {{"retry-after", std::move(value)}}}, now);
  };
  EXPECT_EQ(after("3"), 3000ms);
  EXPECT_EQ(after("0.5"), 500ms);
  EXPECT_EQ(after("Sun, 06 Nov 1994 08:49:47 GMT"), 10000ms);
  EXPECT_EQ(after("Sun, 06 Nov 1994 08:49:30 GMT"), 0ms);
  EXPECT_EQ(after("soon"), std::nullopt);
  EXPECT_EQ(after("-1"), std::nullopt);
}

TEST(Retry, ThreeTriesForStatusesThatAskForIt) {
  for (const int status : {408, 429, 500, 503}) {
    const LoopbackServer server([&](const auto&) { return reply(status, "no"); });
    HttpClient client({.guard = allowing(server)});
    EXPECT_EQ(send_with_retries(client, {}, {.url = server.url()}, {}, kQuick)->status, status);
    EXPECT_EQ(server.received().size(), 3U) << status;
  }
}

TEST(Retry, OneTryForOtherRefusals) {
  for (const int status : {400, 401, 403, 404, 422}) {
    const LoopbackServer server([&](const auto&) { return reply(status, "no"); });
    HttpClient client({.guard = allowing(server)});
    EXPECT_EQ(send_with_retries(client, {}, {.url = server.url()}, {}, kQuick)->status, status);
    EXPECT_EQ(server.received().size(), 1U) << status;
  }
}

TEST(Retry, ResetBeforeAnyOutputIsTriedAgain) {
  std::atomic<int> calls = 0;
  const LoopbackServer server(
      [&](const auto&) { return ++calls < 3 ? testing::Answer{.reset_after = true} : reply(200, "at last"); });
  HttpClient client({.guard = allowing(server)});
  const auto response = send_with_retries(client, {}, {.method = "POST", .url = server.url(), .body = "x"}, {}, kQuick);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "at last");
}

TEST(Retry, NothingIsRepeatedOnceOutputHasCome) {
  const LoopbackServer server([&](const auto&) {
    return testing::Answer{.steps = {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"}},
                           .close_after = true};
  });
  HttpClient client({.guard = allowing(server)});
  std::string got;
  const auto response = send_with_retries(
      client, {}, {.url = server.url()},
      [&](std::string_view piece) {
        got += piece;
        return true;
      },
      kQuick);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(got, "part");
  EXPECT_EQ(server.received().size(), 1U);
}

TEST(Retry, RetryAfterBeyondTheDeadlineEndsTheTries) {
  const LoopbackServer server([&](const auto&) { return reply(503, "later", {{"Retry-After", "3600"}}); });
  HttpClient client({.guard = allowing(server)});
  const auto response =
      send_with_retries(client, {.deadline = Deadline::after(30s)}, {.url = server.url()}, {}, kQuick);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(server.received().size(), 1U);
}

TEST(Retry, AStopEndsTheWaiting) {
  std::stop_source stop;
  const LoopbackServer server([&](const auto&) {
    stop.request_stop();
    return reply(503, "later", {{"Retry-After", "3600"}});
  });
  HttpClient client({.guard = allowing(server)});
  EXPECT_EQ(send_with_retries(client, {.stop = stop.get_token()}, {.url = server.url()}, {}, kQuick).error().code,
            ErrorCode::kCancelled);
}

}  // namespace
}  // namespace llmi::net
