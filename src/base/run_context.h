#pragma once

#include <cstdint>
#include <stop_token>

#include "base/deadline.h"
#include "base/error.h"

namespace llmi {

/// What every call that can wait needs to know. First parameter of such calls, passed by const reference.
struct RunContext {
  Deadline deadline;
  std::stop_token stop;
  std::uint64_t seed = 0;  ///< Decides every random choice of the run.

  [[nodiscard]] bool cancelled() const { return stop.stop_requested(); }

  /// Ok while there is time and nobody asked to stop; otherwise kCancelled or kTimeout.
  [[nodiscard]] Result<void> check() const {
    if (cancelled()) return fail(ErrorCode::kCancelled, Origin::kCaller, "cancelled");
    if (deadline.passed()) return fail(ErrorCode::kTimeout, Origin::kCaller, "the deadline has passed");
    return {};
  }

  /// The same run with an earlier deadline.
  [[nodiscard]] RunContext capped(Clock::duration span) const {
    RunContext inner = *this;
    inner.deadline = deadline.capped(span);
    return inner;
  }
};

}  // namespace llmi
