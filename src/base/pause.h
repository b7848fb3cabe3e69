#pragma once

#include "base/run_context.h"

namespace llmi {

/// Waits for `span`, or less when the deadline passes or a stop is requested: then kTimeout or kCancelled.
[[nodiscard]] Result<void> pause(const RunContext& context, Clock::duration span);

}  // namespace llmi
