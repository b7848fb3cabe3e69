#include "train/torch/word_scores.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "train/torch/kernels.h"

namespace llmi::train {
namespace {

constexpr std::int64_t kChunkRows = 256;

template <class Visit>
void for_each_chunk(std::int64_t rows, const Visit& visit) {
  for (std::int64_t row = 0; row < rows; row += kChunkRows) visit(row, std::min(kChunkRows, rows - row));
}

}  // namespace

WordScores score_words(const at::Tensor& hidden, const at::Tensor& targets, const Linear& output) {
  const std::int64_t rows = hidden.size(0);
  WordScores words{.scores = {}, .log_sums = at::empty({rows}, at::kFloat)};
  words.scores.log_probs.resize(static_cast<std::size_t>(rows));
  words.scores.entropies.resize(static_cast<std::size_t>(rows));
  for_each_chunk(rows, [&](std::int64_t row, std::int64_t count) {
    const at::Tensor logits = output.forward(hidden.narrow(0, row, count));
    kernels::score_rows(logits.data_ptr<float>(), targets.data_ptr<std::int64_t>() + row,
                        words.log_sums.data_ptr<float>() + row, words.scores.log_probs.data() + row,
                        words.scores.entropies.data() + row, count, logits.size(1));
  });
  return words;
}

at::Tensor score_words_backward(const at::Tensor& hidden, const at::Tensor& targets, Linear& output,
                                const at::Tensor& log_sums, const std::vector<double>& slopes) {
  at::Tensor dhidden = at::zeros_like(hidden);
  const std::vector<float> narrow(slopes.begin(), slopes.end());
  for_each_chunk(hidden.size(0), [&](std::int64_t row, std::int64_t count) {
    const at::Tensor rows = hidden.narrow(0, row, count);
    const at::Tensor logits = output.forward(rows);
    kernels::score_rows_backward(logits.data_ptr<float>(), targets.data_ptr<std::int64_t>() + row,
                                 log_sums.data_ptr<float>() + row, narrow.data() + row, count, logits.size(1));
    at::Tensor drows = dhidden.narrow(0, row, count);
    output.backward(rows, logits, drows);
  });
  return dhidden;
}

}  // namespace llmi::train
