#pragma once

#include "base/error.h"

namespace llmi::lm {

/// llama.cpp is built for the processor it was built on. Ok when this one has all the features it uses; otherwise
/// kUnavailable, naming the first one that is missing and the remedy, instead of an illegal instruction later.
[[nodiscard]] Result<void> check_processor();

}  // namespace llmi::lm
