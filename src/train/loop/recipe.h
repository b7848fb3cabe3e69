#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "train/policy_math/advantage.h"
#include "train/policy_math/aggregation.h"
#include "train/policy_math/policy_loss.h"

namespace llmi::train {

enum class Algorithm : std::uint8_t { kSft, kGrpo, kGspo };

/// What a training run does, as a TOML file says it (docs/training.md lists the keys). Sizes are in tokens.
struct Recipe {
  Algorithm algorithm = Algorithm::kGrpo;
  std::string model;   ///< A name of `llmi models list`, or a GGUF file.
  std::string system;  ///< System prompt; empty: none.
  std::uint64_t seed = 1;
  std::size_t steps = 0;
  std::size_t checkpoint_every = 1;  ///< Steps.

  std::filesystem::path data;  ///< Rows of `llmi data make`; for SFT demonstrations ({"prompt", "answer"}).
  std::string language;        ///< Only rows in this language; empty: all.

  std::size_t prompts = 8;          ///< A step. For SFT: demonstrations.
  std::size_t rollouts = 8;         ///< A prompt.
  std::size_t prompt_tokens = 512;  ///< Longer prompts are left out, and counted.
  std::size_t response_tokens = 512;
  std::size_t micro_tokens = 4096;  ///< Of a micro-batch: bounds the memory, changes nothing else.
  std::size_t updates = 1;          ///< A step; more than one is off-policy, which clipping bounds.
  /// Further prompts a step may draw in place of groups that teach nothing, as a share of `prompts`.
  double resample = 0.5;

  double learning_rate = 1e-6;
  std::size_t warmup = 0;     ///< Steps.
  double final_share = 0.01;  ///< Of the learning rate, at the end of the cosine.
  double weight_decay = 0.1;
  double gradient_clip = 1.0;

  policy_math::Baseline baseline = policy_math::Baseline::kStandardised;
  policy_math::ClipRule clip = policy_math::kGrpoClip;
  policy_math::Aggregation aggregation = policy_math::Aggregation::kTokenMean;
  double importance_cap = 2.0;  ///< Of trainer over sampler.

  std::optional<std::size_t> lora_rank = 16;  ///< Nothing: all weights.
  double lora_alpha = 32;
  std::vector<std::string> lora_matrices{"q", "k", "v", "o", "gate", "up", "down"};
};

/// Errors: kInvalidConfig naming file, key, value and what is allowed. Unknown keys are errors. `file` names it, and
/// paths in it are relative to its folder.
[[nodiscard]] Result<Recipe> read_recipe(std::string_view toml, const std::filesystem::path& file);

/// The learning rate of step `step` (from 0) of `recipe.steps`: linear over the warm-up, then a cosine down to the
/// final share.
[[nodiscard]] double learning_rate(const Recipe& recipe, std::size_t step);

}  // namespace llmi::train
