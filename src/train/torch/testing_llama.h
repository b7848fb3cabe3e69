#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "train/policy.h"

namespace llmi::train {

/// LLMI_TEST_MODELS: tiny models with random weights, made by tests/models/make.py.
[[nodiscard]] std::filesystem::path tiny_models();
/// The embedded model.
[[nodiscard]] std::filesystem::path small_model();

/// The log-probabilities of the completions in llama.cpp with a float32 cache, in the order of TokenScores. `adapter`
/// may be empty. Throws where llama.cpp fails.
[[nodiscard]] std::vector<double> llama_log_probs(const std::filesystem::path& model,
                                                  const std::filesystem::path& adapter,
                                                  std::span<const TokenSequence> batch);

/// Sequences of unlike lengths with tokens below `vocabulary`, the same for the same seed.
[[nodiscard]] std::vector<TokenSequence> random_sequences(std::span<const std::size_t> lengths, std::int32_t vocabulary,
                                                          std::uint64_t seed);

/// The largest difference of two lists of one length.
[[nodiscard]] double largest_difference(std::span<const double> a, std::span<const double> b);

}  // namespace llmi::train
