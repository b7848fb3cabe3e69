#include "train/torch/weight_source.h"

#include <ATen/ops/empty.h>
#include <fmt/format.h>

namespace llmi::train {
namespace {

class Assembly {
 public:
  Assembly(const WeightSource& source, const ModelShape& shape) : source_(source), shape_(shape) {}

  Result<at::Tensor> optional(const std::string& name, at::IntArrayRef sizes) {
    LLMI_TRY(at::Tensor tensor, source_.read(name));
    if (tensor.defined() && tensor.sizes() != sizes)
      return fail(ErrorCode::kUnreadable, Origin::kCaller,
                  fmt::format("the tensor {} has other sizes than the model's settings say", name));
    return tensor;
  }

  Result<at::Tensor> required(const std::string& name, at::IntArrayRef sizes) {
    LLMI_TRY(at::Tensor tensor, optional(name, sizes));
    if (!tensor.defined())
      return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("there is no tensor {}", name));
    return tensor;
  }

  Result<LayerWeights> layer(std::int64_t index) {
    LayerWeights weights;
    LLMI_TRY(weights.attention_norm, required(source_.norm_name("attention_norm", index), {shape_.width}));
    LLMI_TRY(weights.feed_norm, required(source_.norm_name("feed_norm", index), {shape_.width}));
    if (shape_.architecture == Architecture::kQwen3) {
      LLMI_TRY(weights.query_norm, required(source_.norm_name("query_norm", index), {shape_.head_size}));
      LLMI_TRY(weights.key_norm, required(source_.norm_name("key_norm", index), {shape_.head_size}));
    }
    for (const Matrix matrix : kAllMatrices) {
      const auto i = static_cast<std::size_t>(matrix);
      const std::string name = source_.matrix_name(matrix, index);
      const auto [out, in] = sizes(matrix);
      LLMI_TRY(weights.matrices.at(i), required(name + ".weight", {out, in}));
      LLMI_TRY(weights.biases.at(i), optional(name + ".bias", {out}));
    }
    return check_biases(weights, index);
  }

 private:
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> sizes(Matrix matrix) const {
    const std::int64_t queries = shape_.heads * shape_.head_size;
    const std::int64_t keys = shape_.kv_heads * shape_.head_size;
    switch (matrix) {
      case Matrix::kQuery:
        return {queries, shape_.width};
      case Matrix::kKey:
      case Matrix::kValue:
        return {keys, shape_.width};
      case Matrix::kOutput:
        return {shape_.width, queries};
      case Matrix::kGate:
      case Matrix::kUp:
        return {shape_.feed_width, shape_.width};
      case Matrix::kDown:
        return {shape_.width, shape_.feed_width};
    }
    return {};
  }

  [[nodiscard]] static Result<LayerWeights> check_biases(const LayerWeights& weights, std::int64_t index) {
    for (const Matrix matrix : {Matrix::kOutput, Matrix::kGate, Matrix::kUp, Matrix::kDown})
      if (weights.biases.at(static_cast<std::size_t>(matrix)).defined())
        return fail(ErrorCode::kUnreadable, Origin::kCaller,
                    fmt::format("layer {} has a bias that the trainer does not know", index));
    return weights;
  }

  const WeightSource& source_;
  const ModelShape& shape_;
};

}  // namespace

Result<ModelWeights> assemble(const WeightSource& source) {
  ModelWeights weights;
  LLMI_TRY(weights.shape, source.shape());
  if (const std::string problem = weights.shape.problem(); !problem.empty())
    return fail(ErrorCode::kUnreadable, Origin::kCaller, problem);
  Assembly assembly(source, weights.shape);
  const std::array table = {weights.shape.vocabulary, weights.shape.width};
  LLMI_TRY(weights.embedding, assembly.required(source.model_name("embedding"), table));
  LLMI_TRY(weights.output_norm, assembly.required(source.model_name("output_norm"), {weights.shape.width}));
  LLMI_TRY(weights.output, assembly.optional(source.model_name("output"), table));
  for (std::int64_t layer = 0; layer < weights.shape.layers; ++layer) {
    LLMI_TRY(LayerWeights read, assembly.layer(layer));
    weights.layers.push_back(std::move(read));
  }
  return weights;
}

}  // namespace llmi::train
