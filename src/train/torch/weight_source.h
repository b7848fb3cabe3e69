#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "train/torch/model_weights.h"

namespace llmi::train {

/// Named tensors of a file of weights. What differs between the two kinds of file is here; what a model is made of is
/// put together by assemble().
class WeightSource {
 public:
  virtual ~WeightSource() = default;
  WeightSource() = default;
  WeightSource(const WeightSource&) = delete;
  WeightSource& operator=(const WeightSource&) = delete;

  /// Errors: kUnreadable.
  [[nodiscard]] virtual Result<ModelShape> shape() const = 0;
  /// A tensor as float32, in the layout of ModelWeights; undefined where there is none of that name.
  /// Errors: kUnreadable for a type that is not known.
  [[nodiscard]] virtual Result<at::Tensor> read(const std::string& name) const = 0;

  [[nodiscard]] virtual std::string matrix_name(Matrix matrix, std::int64_t layer) const = 0;
  /// The other tensors of a layer: "attention_norm", "feed_norm", "query_norm", "key_norm".
  [[nodiscard]] virtual std::string norm_name(const char* norm, std::int64_t layer) const = 0;
  /// Those of the model: "embedding", "output_norm", "output".
  [[nodiscard]] virtual std::string model_name(const char* part) const = 0;
};

/// Reads every tensor of the shape's architecture and checks its size. Errors: kUnreadable.
[[nodiscard]] Result<ModelWeights> assemble(const WeightSource& source);

}  // namespace llmi::train
