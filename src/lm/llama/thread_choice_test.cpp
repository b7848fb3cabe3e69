#include "lm/llama/thread_choice.h"

#include <gtest/gtest.h>

namespace llmi::lm {
namespace {

using std::chrono::milliseconds;

/// Runs steps on a machine where all threads and one take these times; how many of the steps ran on one.
int alone_in(ThreadChoice& choice, int steps, milliseconds all, milliseconds one) {
  int alone = 0;
  for (int i = 0; i < steps; ++i) {
    const bool single = choice.threads() == 1;
    alone += single ? 1 : 0;
    choice.observe(single ? one : all);
  }
  return alone;
}

TEST(ThreadChoiceTest, AQuietMachineUsesAllThreads) {
  ThreadChoice choice(4);
  EXPECT_EQ(alone_in(choice, 1000, milliseconds(4), milliseconds(7)), 3);
}

TEST(ThreadChoiceTest, ABusyMachineIsLeftToOneThreadUntilItIsQuiet) {
  ThreadChoice choice(2);
  alone_in(choice, 50, milliseconds(4), milliseconds(7));
  EXPECT_GT(alone_in(choice, 200, milliseconds(300), milliseconds(14)), 185);
  EXPECT_LT(alone_in(choice, 200, milliseconds(4), milliseconds(7)), 60);
}

TEST(ThreadChoiceTest, StartsWellOnABusyMachine) {
  ThreadChoice choice(2);
  EXPECT_GT(alone_in(choice, 100, milliseconds(300), milliseconds(14)), 96);
}

TEST(ThreadChoiceTest, OneSlowStepIsForgiven) {
  ThreadChoice choice(2);
  alone_in(choice, 50, milliseconds(4), milliseconds(7));
  choice.observe(milliseconds(500));
  EXPECT_EQ(alone_in(choice, 100, milliseconds(4), milliseconds(7)), 0);
}

TEST(ThreadChoiceTest, OneThreadIsAllThereIs) {
  ThreadChoice choice(1);
  EXPECT_EQ(alone_in(choice, 10, milliseconds(4), milliseconds(4)), 10);
}

}  // namespace
}  // namespace llmi::lm
