#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <optional>
#include <vector>

#include "train/torch/attention.h"
#include "train/torch/linear.h"
#include "train/torch/matrices.h"
#include "train/torch/model_shape.h"

namespace llmi::train {

/// A vector that scales a normalisation; frozen or learnt.
struct NormScale {
  at::Tensor value;          ///< Undefined: the architecture has none.
  TrainedWeightPtr trained;  ///< Null: frozen.

  [[nodiscard]] float* gradient() const;
};

/// What all layers of a batch share.
struct Positions {
  std::vector<std::int64_t> starts;  ///< As in PackedBatch.
  at::Tensor cosines, sines;         ///< [tokens, head_size / 2]
};

/// What a layer's way back needs of its way there.
struct LayerTrace {
  at::Tensor in;                     ///< [tokens, width]
  at::Tensor raw_queries, raw_keys;  ///< Before their normalisation, where they have one.
  at::Tensor queries, keys, values;  ///< As they attend.
  Attended attended;
  at::Tensor middle;    ///< [tokens, width], after attention.
  at::Tensor gate, up;  ///< [tokens, feed_width]
};

/// One layer of a decoder with its way back, written out: the gradients need no graph, and every pass over memory that
/// is not a product of matrices is one kernel.
struct Layer {
  std::vector<Linear> matrices;  ///< By Matrix.
  NormScale attention_norm, feed_norm, query_norm, key_norm;

  /// `in` [tokens, width] → the same.
  [[nodiscard]] at::Tensor forward(const at::Tensor& in, const Positions& positions, const ModelShape& shape,
                                   LayerTrace& trace) const;
  /// From the slope by the output to that by the input. Uses the trace up.
  [[nodiscard]] at::Tensor backward(const at::Tensor& dout, const Positions& positions, const ModelShape& shape,
                                    LayerTrace& trace);

 private:
  [[nodiscard]] const Linear& at(Matrix matrix) const { return matrices.at(static_cast<std::size_t>(matrix)); }
  [[nodiscard]] Linear& at(Matrix matrix) { return matrices.at(static_cast<std::size_t>(matrix)); }
  [[nodiscard]] at::Tensor feed_backward(const at::Tensor& dout, const ModelShape& shape, LayerTrace& trace);
};

/// x / rms(x) * scale, by groups of scale's size.
[[nodiscard]] at::Tensor normalise(const at::Tensor& x, const at::Tensor& scale, double epsilon);
/// Adds the slope by x to `dx`.
void normalise_backward(const at::Tensor& x, const NormScale& scale, const at::Tensor& dout, at::Tensor& dx,
                        double epsilon);

}  // namespace llmi::train
