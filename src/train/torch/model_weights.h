#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "train/torch/matrices.h"
#include "train/torch/model_shape.h"

namespace llmi::train {

/// A layer's weights, float32. What an architecture does not have is an undefined tensor.
struct LayerWeights {
  at::Tensor attention_norm;                   ///< [width]
  at::Tensor feed_norm;                        ///< [width]
  at::Tensor query_norm, key_norm;             ///< [head_size]
  std::array<at::Tensor, kMatrices> matrices;  ///< [out, in], by Matrix
  std::array<at::Tensor, kMatrices> biases;    ///< [out], by Matrix; of queries, keys and values only.
};

/// A decoder in one layout whatever file it came from: rows of queries and keys in the order of the transformers
/// library, where rotary embedding turns element i of a head with element i + head_size / 2.
struct ModelWeights {
  ModelShape shape;
  at::Tensor embedding;    ///< [vocabulary, width]
  at::Tensor output_norm;  ///< [width]
  at::Tensor output;       ///< [vocabulary, width]; undefined: the embedding serves.
  std::vector<LayerWeights> layers;
};

/// From a GGUF file of any quantisation, or from a folder with config.json and safetensors files.
/// Errors: kNotFound; kUnreadable with the reason (not such a file, an architecture or a feature that is not known
/// here, a tensor that is missing or has another shape).
[[nodiscard]] Result<ModelWeights> read_weights(const std::filesystem::path& path);

}  // namespace llmi::train
