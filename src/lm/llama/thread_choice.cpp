#include "lm/llama/thread_choice.h"

namespace llmi::lm {
namespace {

constexpr int kFirstTrial = 3;    // Steps on one thread before all are tried for the first time.
constexpr int kTrialEvery = 48;   // And again.
constexpr int kSlowInARow = 3;    // One slow step may be anything.
constexpr double kWorthIt = 1.3;  // Times slower than one thread.
constexpr double kSmoothing = 0.3;

}  // namespace

void ThreadChoice::observe(Clock::duration step) {
  if (threads_ == 1) return;
  const double seconds = std::chrono::duration<double>(step).count();
  ++steps_;
  if (alone())
    alone_seconds_ = alone_seconds_ == 0 ? seconds : alone_seconds_ + kSmoothing * (seconds - alone_seconds_);
  if (trying_) return judge_trial(seconds);
  if (settled_alone_) {
    trying_ = steps_ >= (tried_ ? kTrialEvery : kFirstTrial);
    return;
  }
  slow_ = seconds > kWorthIt * alone_seconds_ ? slow_ + 1 : 0;
  if (slow_ < kSlowInARow) return;
  settled_alone_ = true;
  slow_ = 0;
  steps_ = 0;
}

/// All threads were tried: they have to be faster than one.
void ThreadChoice::judge_trial(double seconds) {
  trying_ = false;
  tried_ = true;
  steps_ = 0;
  settled_alone_ = seconds > alone_seconds_;
}

}  // namespace llmi::lm
