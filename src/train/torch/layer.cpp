#include "train/torch/layer.h"

#include <ATen/ATen.h>

#include <utility>

#include "train/torch/kernels.h"

namespace llmi::train {
namespace {

void rotate(at::Tensor& x, const Positions& positions, std::int64_t size, float direction) {
  kernels::rotate(x.data_ptr<float>(), positions.cosines.data_ptr<float>(), positions.sines.data_ptr<float>(),
                  x.size(0), x.size(1) / size, size, direction);
}

/// The slope by what stood before the normalisation, where there is one.
at::Tensor before_norm(const at::Tensor& raw, const NormScale& scale, at::Tensor dout, double epsilon) {
  if (!scale.value.defined()) return dout;
  at::Tensor dx = at::zeros_like(raw);
  normalise_backward(raw, scale, dout, dx, epsilon);
  return dx;
}

}  // namespace

float* NormScale::gradient() const { return trained != nullptr ? trained->gradient.data_ptr<float>() : nullptr; }

at::Tensor normalise(const at::Tensor& x, const at::Tensor& scale, double epsilon) {
  at::Tensor out = at::empty_like(x);
  kernels::rms_norm(x.data_ptr<float>(), scale.data_ptr<float>(), out.data_ptr<float>(), x.numel() / scale.numel(),
                    scale.numel(), static_cast<float>(epsilon));
  return out;
}

void normalise_backward(const at::Tensor& x, const NormScale& scale, const at::Tensor& dout, at::Tensor& dx,
                        double epsilon) {
  const std::int64_t width = scale.value.numel();
  kernels::rms_norm_backward(x.data_ptr<float>(), scale.value.data_ptr<float>(), dout.data_ptr<float>(),
                             dx.data_ptr<float>(), scale.gradient(), x.numel() / width, width,
                             static_cast<float>(epsilon));
}

at::Tensor Layer::forward(const at::Tensor& in, const Positions& positions, const ModelShape& shape,
                          LayerTrace& trace) const {
  trace.in = in;
  const at::Tensor normed = normalise(in, attention_norm.value, shape.norm_epsilon);
  trace.queries = at(Matrix::kQuery).forward(normed);
  trace.keys = at(Matrix::kKey).forward(normed);
  trace.values = at(Matrix::kValue).forward(normed);
  if (query_norm.value.defined()) {
    trace.raw_queries = std::exchange(trace.queries, normalise(trace.queries, query_norm.value, shape.norm_epsilon));
    trace.raw_keys = std::exchange(trace.keys, normalise(trace.keys, key_norm.value, shape.norm_epsilon));
  }
  rotate(trace.queries, positions, shape.head_size, 1);
  rotate(trace.keys, positions, shape.head_size, 1);
  trace.attended = attend(trace.queries, trace.keys, trace.values, positions.starts, shape);
  trace.middle = at(Matrix::kOutput).forward(trace.attended.out).add_(in);

  const at::Tensor middle_normed = normalise(trace.middle, feed_norm.value, shape.norm_epsilon);
  trace.gate = at(Matrix::kGate).forward(middle_normed);
  trace.up = at(Matrix::kUp).forward(middle_normed);
  const at::Tensor inner = at::empty_like(trace.gate);
  kernels::gated_silu(trace.gate.data_ptr<float>(), trace.up.data_ptr<float>(), inner.data_ptr<float>(), inner.numel());
  return at(Matrix::kDown).forward(inner).add_(trace.middle);
}

at::Tensor Layer::feed_backward(const at::Tensor& dout, const ModelShape& shape, LayerTrace& trace) {
  const at::Tensor inner = at::empty_like(trace.gate);
  kernels::gated_silu(trace.gate.data_ptr<float>(), trace.up.data_ptr<float>(), inner.data_ptr<float>(), inner.numel());
  at::Tensor dinner = at::zeros_like(trace.gate);
  at(Matrix::kDown).backward(inner, dout, dinner);
  kernels::gated_silu_backward(trace.gate.data_ptr<float>(), trace.up.data_ptr<float>(), dinner.data_ptr<float>(),
                               dinner.numel());
  const at::Tensor normed = normalise(trace.middle, feed_norm.value, shape.norm_epsilon);
  at::Tensor dnormed = at::zeros_like(normed);
  at(Matrix::kGate).backward(normed, trace.gate, dnormed);
  at(Matrix::kUp).backward(normed, trace.up, dnormed);
  at::Tensor dmiddle = dout.clone();
  normalise_backward(trace.middle, feed_norm, dnormed, dmiddle, shape.norm_epsilon);
  return dmiddle;
}

at::Tensor Layer::backward(const at::Tensor& dout, const Positions& positions, const ModelShape& shape,
                           LayerTrace& trace) {
  at::Tensor dmiddle = feed_backward(dout, shape, trace);
  at::Tensor dattended = at::zeros_like(trace.attended.out);
  at(Matrix::kOutput).backward(trace.attended.out, dmiddle, dattended);
  AttentionSlopes slopes =
      attend_backward(trace.queries, trace.keys, trace.values, trace.attended, dattended, positions.starts, shape);
  rotate(slopes.queries, positions, shape.head_size, -1);
  rotate(slopes.keys, positions, shape.head_size, -1);
  slopes.queries = before_norm(trace.raw_queries, query_norm, slopes.queries, shape.norm_epsilon);
  slopes.keys = before_norm(trace.raw_keys, key_norm, slopes.keys, shape.norm_epsilon);

  const at::Tensor normed = normalise(trace.in, attention_norm.value, shape.norm_epsilon);
  at::Tensor dnormed = at::zeros_like(normed);
  at(Matrix::kQuery).backward(normed, slopes.queries, dnormed);
  at(Matrix::kKey).backward(normed, slopes.keys, dnormed);
  at(Matrix::kValue).backward(normed, slopes.values, dnormed);
  normalise_backward(trace.in, attention_norm, dnormed, dmiddle, shape.norm_epsilon);
  return dmiddle;
}

}  // namespace llmi::train
