#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "train/policy.h"
#include "train/torch/linear.h"

namespace llmi::train {

/// From the last hidden states to log-probabilities and entropies, some rows at a time, so that the logits of a whole
/// batch never exist; the way back computes them again.
struct WordScores {
  TokenScores scores;
  at::Tensor log_sums;  ///< [rows], float32
};

/// `hidden` [rows, width], `targets` [rows] int64, `output` [vocabulary, width].
[[nodiscard]] WordScores score_words(const at::Tensor& hidden, const at::Tensor& targets, const Linear& output);

/// The slope by `hidden` of Σ slopes[i] * log_probs[i]; `output`, where it is learnt, gets its gradient.
[[nodiscard]] at::Tensor score_words_backward(const at::Tensor& hidden, const at::Tensor& targets, Linear& output,
                                              const at::Tensor& log_sums, const std::vector<double>& slopes);

}  // namespace llmi::train
