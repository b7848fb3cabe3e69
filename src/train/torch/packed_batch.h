#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "train/policy.h"
#include "train/torch/model_shape.h"

namespace llmi::train {

/// Sequences one behind the other along one axis of tokens, without padding.
struct PackedBatch {
  at::Tensor tokens;                 ///< [tokens], int64
  at::Tensor positions;              ///< [tokens], float32: the place in the own sequence.
  std::vector<std::int64_t> starts;  ///< Of each sequence, and the number of tokens at the end.
  at::Tensor predictors;             ///< [completion tokens], int64: the place that predicts each completion token.
  at::Tensor targets;                ///< [completion tokens], int64: the word that stands there.
};

/// Errors: kInvalidArgument, as Policy::score() says.
[[nodiscard]] Result<PackedBatch> pack(std::span<const TokenSequence> sequences, const ModelShape& shape);

}  // namespace llmi::train
