#include "train/torch/decoder.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/random.h"

namespace llmi::train {

/// Makes the parts of a decoder, frozen or learnt as the options say.
class Decoder::Builder {
 public:
  Builder(const PolicyOptions& options, Decoder& decoder) : options_(options), decoder_(decoder) {}

  void build(const ModelWeights& weights) {
    decoder_.trained_embedding_ = learnt("token_embd.weight", weights.embedding);
    const TrainedWeightPtr& embedding = decoder_.trained_embedding_;
    decoder_.embedding_ = embedding != nullptr ? embedding->value : weights.embedding;
    for (std::int64_t i = 0; i < weights.shape.layers; ++i)
      decoder_.layers_.push_back(layer(weights.layers.at(static_cast<std::size_t>(i)), i));
    decoder_.output_norm_ = norm("output_norm.weight", weights.output_norm);
    const TrainedWeightPtr output = weights.output.defined() ? learnt("output.weight", weights.output) : embedding;
    const at::Tensor& frozen = weights.output.defined() ? weights.output : weights.embedding;
    decoder_.output_ = output != nullptr ? Linear(output, nullptr, bfloat16()) : Linear(frozen, {}, bfloat16());
  }

 private:
  [[nodiscard]] bool bfloat16() const { return options_.precision == Precision::kBfloat16; }

  /// Null where weights are frozen, or where there is none.
  TrainedWeightPtr learnt(const std::string& name, const at::Tensor& value) {
    if (options_.lora || !value.defined()) return nullptr;
    decoder_.trained_.push_back(std::make_shared<TrainedWeight>(name, value));
    return decoder_.trained_.back();
  }

  NormScale norm(const std::string& name, const at::Tensor& value) {
    const TrainedWeightPtr trained = learnt(name, value);
    return {.value = trained != nullptr ? trained->value : value, .trained = trained};
  }

  Layer layer(const LayerWeights& weights, std::int64_t index) {
    Layer layer;
    for (const Matrix matrix : kAllMatrices)
      layer.matrices.push_back(linear(matrix, index, weights.matrices.at(static_cast<std::size_t>(matrix)),
                                      weights.biases.at(static_cast<std::size_t>(matrix))));
    const auto name = [&](const char* part) { return fmt::format("blk.{}.{}.weight", index, part); };
    layer.attention_norm = norm(name("attn_norm"), weights.attention_norm);
    layer.feed_norm = norm(name("ffn_norm"), weights.feed_norm);
    layer.query_norm = norm(name("attn_q_norm"), weights.query_norm);
    layer.key_norm = norm(name("attn_k_norm"), weights.key_norm);
    return layer;
  }

  Linear linear(Matrix matrix, std::int64_t index, const at::Tensor& weight, const at::Tensor& bias) {
    const std::string name = gguf_name(matrix, index);
    if (!options_.lora) return {learnt(name + ".weight", weight), learnt(name + ".bias", bias), bfloat16()};
    Linear linear(weight, bias, bfloat16());
    if (std::ranges::find(options_.lora->matrices, matrix) == options_.lora->matrices.end()) return linear;
    const std::int64_t rank = options_.lora->rank;
    const auto part = static_cast<std::uint64_t>(index) * kMatrices + static_cast<std::uint64_t>(matrix);
    auto a = std::make_shared<TrainedWeight>(name + ".weight.lora_a", first_values(rank, weight.size(1), part));
    auto b = std::make_shared<TrainedWeight>(name + ".weight.lora_b", at::zeros({weight.size(0), rank}));
    decoder_.trained_.insert(decoder_.trained_.end(), {a, b});
    decoder_.adapters_.push_back({.matrix = matrix, .layer = index, .a = a, .b = b});
    linear.adapt(std::move(a), std::move(b), options_.lora->alpha / static_cast<double>(rank));
    return linear;
  }

  /// Uniform within 1 / sqrt(in), as PEFT begins.
  [[nodiscard]] at::Tensor first_values(std::int64_t rank, std::int64_t in, std::uint64_t part) const {
    Random random(derived_seed(options_.seed, part));
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    at::Tensor values = at::empty({rank, in}, at::kFloat);
    std::generate_n(values.data_ptr<float>(), values.numel(),
                    [&] { return static_cast<float>((2 * random.unit() - 1) * bound); });
    return values;
  }

  const PolicyOptions& options_;
  Decoder& decoder_;
};

Decoder::Decoder(const ModelWeights& weights, const PolicyOptions& options)
    : shape_(weights.shape), checkpointing_(options.checkpointing) {
  Builder(options, *this).build(weights);
}

void Decoder::refresh() {
  for (Layer& layer : layers_)
    for (Linear& matrix : layer.matrices) matrix.refresh();
  output_->refresh();
}

Positions Decoder::positions(const PackedBatch& batch) const {
  const at::Tensor order = at::arange(0, shape_.head_size, 2, at::kDouble).div_(shape_.head_size);
  const at::Tensor frequencies = at::pow(shape_.rope_base, order.neg());
  const at::Tensor angles = at::outer(batch.positions.to(at::kDouble), frequencies);
  return {.starts = batch.starts, .cosines = angles.cos().to(at::kFloat), .sines = angles.sin().to(at::kFloat)};
}

at::Tensor Decoder::embed(const PackedBatch& batch) const { return embedding_.index_select(0, batch.tokens); }

TokenScores Decoder::score(const PackedBatch& batch) const {
  const Positions where = positions(batch);
  at::Tensor x = embed(batch);
  for (const Layer& layer : layers_) {
    LayerTrace trace;
    x = layer.forward(x, where, shape_, trace);
  }
  const at::Tensor hidden = normalise(x.index_select(0, batch.predictors), output_norm_.value, shape_.norm_epsilon);
  return score_words(hidden, batch.targets, *output_).scores;
}

TokenScores Decoder::accumulate(const PackedBatch& batch, const LossSlopes& slopes) {
  const Positions where = positions(batch);
  std::vector<LayerTrace> traces(layers_.size());
  at::Tensor x = embed(batch);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const at::Tensor in = x;
    x = layers_[i].forward(in, where, shape_, traces[i]);
    if (checkpointing_) traces[i] = {.in = in};
  }
  const at::Tensor last = x.index_select(0, batch.predictors);
  const at::Tensor hidden = normalise(last, output_norm_.value, shape_.norm_epsilon);
  WordScores words = score_words(hidden, batch.targets, *output_);
  const at::Tensor dhidden =
      score_words_backward(hidden, batch.targets, *output_, words.log_sums, slopes(words.scores));
  at::Tensor dlast = at::zeros_like(last);
  normalise_backward(last, output_norm_, dhidden, dlast, shape_.norm_epsilon);
  at::Tensor slope = at::zeros_like(x);
  slope.index_add_(0, batch.predictors, dlast);
  backward(batch, where, std::move(slope), traces);
  return std::move(words.scores);
}

void Decoder::backward(const PackedBatch& batch, const Positions& where, at::Tensor slope,
                       std::vector<LayerTrace>& traces) {
  for (std::size_t i = layers_.size(); i-- > 0;) {
    LayerTrace trace = std::exchange(traces[i], {});
    if (checkpointing_) {
      const at::Tensor in = trace.in;
      (void)layers_[i].forward(in, where, shape_, trace);
    }
    slope = layers_[i].backward(slope, where, shape_, trace);
  }
  if (trained_embedding_ != nullptr) trained_embedding_->gradient.index_add_(0, batch.tokens, slope);
}

}  // namespace llmi::train
