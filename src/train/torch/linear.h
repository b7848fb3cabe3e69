#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "train/torch/trained_weight.h"

namespace llmi::train {

/// out = x W' + bias + scale (x A') B', with W [out, in], A [rank, in], B [out, rank]. Activations are float32; the
/// product with W may be computed in bfloat16.
/// Source: Hu et al., "LoRA", 2021; scale is alpha / rank.
class Linear {
 public:
  /// A frozen matrix. `bias` may be undefined. With `bfloat16` only a copy of that type is kept.
  Linear(const at::Tensor& weight, at::Tensor bias, bool bfloat16);
  /// A matrix that is learnt; `bias` may be null.
  Linear(TrainedWeightPtr weight, TrainedWeightPtr bias, bool bfloat16);

  /// Adds an adapter to a frozen matrix.
  void adapt(TrainedWeightPtr a, TrainedWeightPtr b, double scale);

  /// x [rows, in] → [rows, out].
  [[nodiscard]] at::Tensor forward(const at::Tensor& x) const;
  /// Adds the slope by x to `dx`, and those by what is learnt to its gradients.
  void backward(const at::Tensor& x, const at::Tensor& dout, at::Tensor& dx);

  /// To be called after what is learnt has changed.
  void refresh();
  /// Appends what is learnt.
  void collect(std::vector<TrainedWeightPtr>& weights) const;

 private:
  [[nodiscard]] at::Tensor in_type(const at::Tensor& x) const;

  at::Tensor matrix_;  // [out, in], as it is multiplied
  at::Tensor bias_;
  TrainedWeightPtr weight_, trained_bias_;
  TrainedWeightPtr a_, b_;
  double scale_ = 0;
};

}  // namespace llmi::train
