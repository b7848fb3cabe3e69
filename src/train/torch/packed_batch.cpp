#include "train/torch/packed_batch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace llmi::train {
namespace {

Result<void> check(const TokenSequence& sequence, std::size_t index, const ModelShape& shape) {
  const std::size_t size = sequence.tokens.size();
  if (size > static_cast<std::size_t>(shape.context))
    return invalid_argument(
        fmt::format("sequence {} has {} tokens; the model's context holds {}", index, size, shape.context));
  if (sequence.prompt_tokens < 1 || sequence.prompt_tokens > size)
    return invalid_argument(
        fmt::format("sequence {} has a prompt of {} of its {} tokens", index, sequence.prompt_tokens, size));
  for (const std::int32_t token : sequence.tokens)
    if (token < 0 || token >= shape.vocabulary)
      return invalid_argument(fmt::format("sequence {} has the token {}, which the model does not know", index, token));
  return {};
}

}  // namespace

Result<PackedBatch> pack(std::span<const TokenSequence> sequences, const ModelShape& shape) {
  if (sequences.empty()) return invalid_argument("there is no sequence in the batch");
  std::vector<std::int64_t> tokens, predictors, targets;
  std::vector<float> positions;
  PackedBatch batch;
  for (std::size_t index = 0; index < sequences.size(); ++index) {
    const TokenSequence& sequence = sequences[index];
    LLMI_CHECK_OK(check(sequence, index, shape));
    const auto start = static_cast<std::int64_t>(tokens.size());
    batch.starts.push_back(start);
    for (std::size_t i = 0; i < sequence.tokens.size(); ++i) {
      tokens.push_back(sequence.tokens[i]);
      positions.push_back(static_cast<float>(i));
      if (i < sequence.prompt_tokens) continue;
      predictors.push_back(start + static_cast<std::int64_t>(i) - 1);
      targets.push_back(sequence.tokens[i]);
    }
  }
  batch.starts.push_back(static_cast<std::int64_t>(tokens.size()));
  batch.tokens = at::tensor(tokens, at::kLong);
  batch.positions = at::tensor(positions, at::kFloat);
  batch.predictors = at::tensor(predictors, at::kLong);
  batch.targets = at::tensor(targets, at::kLong);
  return batch;
}

}  // namespace llmi::train
