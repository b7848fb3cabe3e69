#include "train/torch/trained_weight.h"

#include <ATen/ATen.h>

#include <cmath>
#include <utility>

#include "train/torch/kernels.h"

namespace llmi::train {

TrainedWeight::TrainedWeight(std::string weight_name, const at::Tensor& initial)
    : name(std::move(weight_name)),
      value(initial.to(at::kFloat).contiguous()),
      gradient(at::zeros_like(value)),
      mean(at::zeros_like(value)),
      square(at::zeros_like(value)) {}

double gradient_norm(const std::vector<TrainedWeightPtr>& weights) {
  double squares = 0;
  for (const TrainedWeightPtr& weight : weights) {
    const double norm = weight->gradient.norm().item<double>();
    squares += norm * norm;
  }
  return std::sqrt(squares);
}

void adamw_step(const std::vector<TrainedWeightPtr>& weights, const AdamWOptions& options, std::int64_t step,
                double learning_rate, double gradient_scale) {
  const auto times = static_cast<double>(step);
  const kernels::AdamWStep kernel_step{.learning_rate = static_cast<float>(learning_rate),
                                       .beta1 = static_cast<float>(options.beta1),
                                       .beta2 = static_cast<float>(options.beta2),
                                       .epsilon = static_cast<float>(options.epsilon),
                                       .weight_decay = static_cast<float>(options.weight_decay),
                                       .correction1 = static_cast<float>(1 - std::pow(options.beta1, times)),
                                       .correction2 = static_cast<float>(1 - std::pow(options.beta2, times)),
                                       .gradient_scale = static_cast<float>(gradient_scale)};
  for (const TrainedWeightPtr& weight : weights)
    kernels::adamw(weight->value.data_ptr<float>(), weight->gradient.data_ptr<float>(), weight->mean.data_ptr<float>(),
                   weight->square.data_ptr<float>(), weight->value.numel(), kernel_step);
}

}  // namespace llmi::train
