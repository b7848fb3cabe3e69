#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "train/policy.h"
#include "train/torch/layer.h"
#include "train/torch/model_weights.h"
#include "train/torch/packed_batch.h"
#include "train/torch/policy_options.h"
#include "train/torch/word_scores.h"

namespace llmi::train {

/// A learnt pair of LoRA matrices and where it belongs.
struct Adapter {
  Matrix matrix = Matrix::kQuery;
  std::int64_t layer = 0;
  TrainedWeightPtr a;  ///< [rank, in]
  TrainedWeightPtr b;  ///< [out, rank]
};

/// A decoder whose adapters, or all of whose weights, are learnt. One thread at a time.
class Decoder {
 public:
  Decoder(const ModelWeights& weights, const PolicyOptions& options);

  [[nodiscard]] const ModelShape& shape() const { return shape_; }
  /// What is learnt, each once, in an order that the model and the options alone decide.
  [[nodiscard]] const std::vector<TrainedWeightPtr>& trained() const { return trained_; }
  /// Of LoRA; empty where all weights are learnt.
  [[nodiscard]] const std::vector<Adapter>& adapters() const { return adapters_; }
  /// To be called after values of trained() have changed.
  void refresh();

  [[nodiscard]] TokenScores score(const PackedBatch& batch) const;
  /// Adds to the gradients of trained() those of Σ slope * log-probability. `slopes` gives one for each score.
  TokenScores accumulate(const PackedBatch& batch, const LossSlopes& slopes);

 private:
  class Builder;

  [[nodiscard]] Positions positions(const PackedBatch& batch) const;
  [[nodiscard]] at::Tensor embed(const PackedBatch& batch) const;
  void backward(const PackedBatch& batch, const Positions& where, at::Tensor slope, std::vector<LayerTrace>& traces);

  ModelShape shape_;
  bool checkpointing_;
  at::Tensor embedding_;  // [vocabulary, width]
  TrainedWeightPtr trained_embedding_;
  std::vector<Layer> layers_;
  NormScale output_norm_;
  std::optional<Linear> output_;  // always there once built
  std::vector<TrainedWeightPtr> trained_;
  std::vector<Adapter> adapters_;
};

}  // namespace llmi::train
