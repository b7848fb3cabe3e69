#include "train/torch/linear.h"

#include <ATen/ATen.h>

#include <utility>

namespace llmi::train {

Linear::Linear(const at::Tensor& weight, at::Tensor bias, bool bfloat16)
    : matrix_(weight.to(bfloat16 ? at::kBFloat16 : at::kFloat)), bias_(std::move(bias)) {}

Linear::Linear(TrainedWeightPtr weight, TrainedWeightPtr bias, bool bfloat16)
    : matrix_(weight->value.to(bfloat16 ? at::kBFloat16 : at::kFloat)),
      weight_(std::move(weight)),
      trained_bias_(std::move(bias)) {
  if (trained_bias_ != nullptr) bias_ = trained_bias_->value;
}

void Linear::adapt(TrainedWeightPtr a, TrainedWeightPtr b, double scale) {
  a_ = std::move(a);
  b_ = std::move(b);
  scale_ = scale;
}

at::Tensor Linear::in_type(const at::Tensor& x) const { return x.to(matrix_.scalar_type()); }

at::Tensor Linear::forward(const at::Tensor& x) const {
  at::Tensor out = at::mm(in_type(x), matrix_.t()).to(at::kFloat);
  if (bias_.defined()) out.add_(bias_);
  if (a_ != nullptr) out.addmm_(at::mm(x, a_->value.t()), b_->value.t(), 1, scale_);
  return out;
}

void Linear::backward(const at::Tensor& x, const at::Tensor& dout, at::Tensor& dx) {
  if (matrix_.scalar_type() == at::kFloat) {
    dx.addmm_(dout, matrix_);
  } else {
    dx.add_(at::mm(in_type(dout), matrix_));
  }
  if (a_ != nullptr) {
    const at::Tensor inner = at::mm(dout, b_->value);
    dx.addmm_(inner, a_->value, 1, scale_);
    a_->gradient.addmm_(inner.t(), x, 1, scale_);
    b_->gradient.addmm_(dout.t(), at::mm(x, a_->value.t()), 1, scale_);
  }
  if (weight_ != nullptr) weight_->gradient.addmm_(dout.t(), x);
  if (trained_bias_ != nullptr) trained_bias_->gradient.add_(dout.sum(0));
}

void Linear::refresh() {
  if (weight_ != nullptr && matrix_.scalar_type() != at::kFloat) matrix_.copy_(weight_->value);
}

void Linear::collect(std::vector<TrainedWeightPtr>& weights) const {
  for (const TrainedWeightPtr& weight : {weight_, trained_bias_, a_, b_})
    if (weight != nullptr) weights.push_back(weight);
}

}  // namespace llmi::train
