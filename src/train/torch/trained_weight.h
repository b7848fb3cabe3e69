#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

namespace llmi::train {

/// A tensor that is learnt, its accumulated gradient and AdamW's two moments: four float32 tensors of one size.
struct TrainedWeight {
  TrainedWeight(std::string name, const at::Tensor& value);

  std::string name;  ///< After gguf_name(): what files of state are keyed by.
  at::Tensor value, gradient, mean, square;
};

/// Shared where one tensor serves twice (a tied embedding).
using TrainedWeightPtr = std::shared_ptr<TrainedWeight>;

/// The Euclidean length of all gradients together; not finite where any of them is not.
[[nodiscard]] double gradient_norm(const std::vector<TrainedWeightPtr>& weights);

struct AdamWOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.1;
};

/// The step with number `step` (from 1) with the gradients times `gradient_scale`; leaves the gradients as they are.
void adamw_step(const std::vector<TrainedWeightPtr>& weights, const AdamWOptions& options, std::int64_t step,
                double learning_rate, double gradient_scale);

}  // namespace llmi::train
