#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "base/error.h"

namespace llmi::train {

/// A prompt with its completion, in tokens of the policy's vocabulary. What is learnt is tokens[prompt_tokens …].
struct TokenSequence {
  std::vector<std::int32_t> tokens;
  std::size_t prompt_tokens = 0;  ///< 1 … tokens.size(); equal to it: nothing to learn.
};

/// By the completion tokens of a batch, one sequence after the other: [Σ (tokens - prompt_tokens)].
struct TokenScores {
  std::vector<double> log_probs;  ///< log π(token | what stands before), natural, at temperature 1 over all words.
  std::vector<double> entropies;  ///< Of the distribution that the token was drawn from, in nats.
};

/// Gives the slope of the loss by each log-probability, same order and size as scores.log_probs.
using LossSlopes = std::function<std::vector<double>(const TokenScores& scores)>;

struct UpdateReport {
  double gradient_norm = 0;  ///< Before clipping.
  bool applied = true;       ///< False: the gradient was not finite; weights and optimizer are as before.
};

/// Weights that can be learnt: a base model with LoRA or whole. One thread at a time.
class Policy {
 public:
  virtual ~Policy() = default;
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  /// Without gradient. Errors: kInvalidArgument (empty, token out of the vocabulary, longer than the model's context).
  [[nodiscard]] virtual Result<TokenScores> score(std::span<const TokenSequence> batch) = 0;
  /// Forward, `slopes`, backward: adds the gradient to what is accumulated. Micro-batches add up. Errors as score().
  [[nodiscard]] virtual Result<TokenScores> accumulate(std::span<const TokenSequence> batch,
                                                       const LossSlopes& slopes) = 0;
  /// Clips the accumulated gradient to `max_norm`, one AdamW step at `learning_rate`, gradient back to zero.
  [[nodiscard]] virtual Result<UpdateReport> update(double learning_rate, double max_norm) = 0;

  /// Trained weights and optimizer state into an existing folder; load() goes on to the bit on the same machine and
  /// build.
  [[nodiscard]] virtual Result<void> save(const std::filesystem::path& folder) const = 0;
  [[nodiscard]] virtual Result<void> load(const std::filesystem::path& folder) = 0;
  /// The learnt LoRA as a GGUF adapter that llama.cpp loads.
  [[nodiscard]] virtual Result<void> export_adapter(const std::filesystem::path& file) const = 0;
};

}  // namespace llmi::train
