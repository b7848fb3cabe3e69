#include "net/site_limits.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace llmi::net {
namespace {

const Site kSite{"http", "a", 80};

TEST(SiteLimits, NoMoreThanAllowedAtOnce) {
  SiteLimits limits;
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 50; ++round) {
          const auto place = limits.enter({}, kSite, 3);
          const int now = ++inside;
          for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
          }
          std::this_thread::yield();
          --inside;
        }
      });
    }
  }
  EXPECT_LE(most, 3);
  EXPECT_GT(most, 0);
}

TEST(SiteLimits, WaitingEndsWithTheDeadlineOrTheStop) {
  SiteLimits limits;
  const auto holder = limits.enter({}, kSite, 1);
  EXPECT_EQ(limits.enter({.deadline = Deadline::after({})}, kSite, 1).error().code, ErrorCode::kTimeout);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(limits.enter({.stop = stop.get_token()}, kSite, 1).error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(limits.enter({}, {"http", "b", 80}, 1)) << "another site has its own places";
}

TEST(SiteLimits, AGivenUpTicketDoesNotBlockTheQueue) {
  SiteLimits limits;
  {
    const auto holder = limits.enter({}, kSite, 1);
    EXPECT_FALSE(limits.enter({.deadline = Deadline::after({})}, kSite, 1));
  }
  EXPECT_TRUE(limits.enter({.deadline = Deadline::after(std::chrono::seconds(5))}, kSite, 1));
}

}  // namespace
}  // namespace llmi::net
