#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace llmi::lm {

/// A device besides the processor that a model's layers can be put on.
struct Accelerator {
  std::string name;        ///< As the driver calls it.
  std::size_t memory = 0;  ///< Bytes.
  std::size_t free = 0;    ///< Bytes, now.
};

/// Those that the engine was built for (LLMI_GPU in set-up) and that are there.
[[nodiscard]] std::vector<Accelerator> accelerators();

}  // namespace llmi::lm
