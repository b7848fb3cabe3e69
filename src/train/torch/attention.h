#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "train/torch/model_shape.h"

namespace llmi::train {

/// Causal attention of grouped queries, each sequence by itself. Probabilities exist for one block of queries of one
/// head at a time; the way back computes them again from the logarithms of the sums. Source: Dao et al.,
/// "FlashAttention", 2022, for that way back.
struct Attended {
  at::Tensor out;       ///< [tokens, heads * head_size]
  at::Tensor log_sums;  ///< [heads, tokens]
};

/// `queries` [tokens, heads * head_size], `keys` and `values` [tokens, kv_heads * head_size], float32 and dense;
/// `starts` as in PackedBatch.
[[nodiscard]] Attended attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                              const std::vector<std::int64_t>& starts, const ModelShape& shape);

struct AttentionSlopes {
  at::Tensor queries, keys, values;
};

[[nodiscard]] AttentionSlopes attend_backward(const at::Tensor& queries, const at::Tensor& keys,
                                              const at::Tensor& values, const Attended& attended,
                                              const at::Tensor& dout, const std::vector<std::int64_t>& starts,
                                              const ModelShape& shape);

}  // namespace llmi::train
