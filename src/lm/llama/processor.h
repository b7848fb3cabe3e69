#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace llmi::lm {

/// Physical cores that this process may use: its affinity mask, without the second threads of a core, and no more than
/// its cgroups' CPU quota. At least 1.
[[nodiscard]] std::uint32_t usable_cores();

/// One instruction set extension: whether the engine's code was compiled for it, and whether this processor has it.
struct ProcessorFeature {
  const char* name;
  bool compiled_in;
  bool present;
};

/// What the linked engine needs and what the processor offers. Runs no vector code.
[[nodiscard]] std::vector<ProcessorFeature> processor_features();

/// Ok when nothing that is compiled in is absent; otherwise kUnavailable, with the command that builds for this
/// processor.
[[nodiscard]] Result<void> check_processor(const std::vector<ProcessorFeature>& features);

}  // namespace llmi::lm
