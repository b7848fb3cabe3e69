#include "base/channel.h"

#include <gtest/gtest.h>

#include <thread>

namespace llmi {
namespace {

TEST(Channel, DeliversInOrderAndDrainsAfterClose) {
  Channel<int> channel(2);
  std::jthread sender([&] {
    for (int i = 0; i < 100; ++i) channel.send(i);
    channel.close();
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(channel.receive(), i);
  EXPECT_EQ(channel.receive(), std::nullopt);
  EXPECT_FALSE(channel.send(1));
}

TEST(Channel, StopEndsTheWait) {
  Channel<int> channel(1);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_EQ(channel.receive({}, stop.get_token()), std::nullopt);
  ASSERT_TRUE(channel.send(1));
  EXPECT_FALSE(channel.send(2, stop.get_token()));
}

TEST(Channel, DeadlineEndsTheWait) {
  Channel<int> channel(1);
  EXPECT_EQ(channel.receive(Deadline::after(std::chrono::milliseconds(1))), std::nullopt);
}

}  // namespace
}  // namespace llmi
