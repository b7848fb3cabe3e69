#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "train/torch/trained_weight.h"

namespace llmi::train {

struct PolicyState {
  const std::vector<TrainedWeightPtr>& weights;
  std::int64_t steps;  ///< Updates so far.
};

/// Values and moments, to the bit, as one safetensors file in `folder`, replaced in one step. Errors: see write_file().
[[nodiscard]] Result<void> save_state(const PolicyState& state, const std::filesystem::path& folder);

/// Fills weights that were made with the same model and options, sets gradients to zero and gives the number of steps.
/// Errors: kNotFound, kUnreadable; kInvalidArgument where the file holds other weights. After an error nothing has
/// changed.
[[nodiscard]] Result<std::int64_t> load_state(const std::vector<TrainedWeightPtr>& weights,
                                              const std::filesystem::path& folder);

}  // namespace llmi::train
