#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/run_context.h"
#include "reward/score.h"
#include "train/loop/recipe.h"
#include "train/loop/update.h"
#include "train/policy.h"
#include "train/rollout/sampler.h"

namespace llmi::train {

/// What one step did: a line of metrics.jsonl.
struct StepReport {
  std::size_t step = 0;  ///< From 1.
  double learning_rate = 0;
  UpdateStats update;
  // Of the step's completions; GRPO and GSPO only.
  std::size_t completions = 0;
  std::size_t unavailable = 0;  ///< Without a score: left out.
  std::string why_unavailable;  ///< The first one\'s reason.
  std::size_t unfinished = 0;   ///< Ran into the limit.
  std::size_t groups = 0;
  std::size_t flat_groups = 0;               ///< All rewards equal: they taught nothing.
  std::size_t long_prompts = 0;              ///< Left out.
  double reward = 0;                         ///< Mean over the scored ones.
  double reward_deviation = 0;               ///< Within groups, mean.
  double length = 0;                         ///< Tokens, mean.
  std::map<std::string, double> components;  ///< Of the reward, mean over those that have it.
  std::map<std::string, double> tools;       ///< Calls a completion, by tool.
  double sample_seconds = 0;
  double reward_seconds = 0;  ///< Beyond sampling.
  double learn_seconds = 0;
};

/// Runs the tags of an answer and scores it. Called from threads of the trainer, several at a time.
using Rewarder = std::function<reward::Score(const RunContext& context, reward::Sample sample)>;

/// Who does what. All outlive the trainer.
struct TrainerParts {
  Policy* policy = nullptr;
  Sampler* sampler = nullptr;
  Rewarder reward;  ///< Not needed for SFT.
};

/// Steps of a recipe, with checkpoints in `folder`:
///   checkpoint/     policy, optimiser and position after the last step that was saved; replaced as a whole
///   metrics.jsonl   a line a step
///   adapter.gguf    what was learnt (LoRA), after each checkpoint
/// A run that ends anywhere, kill -9 included, goes on from its checkpoint with the same numbers: every random choice
/// follows from the recipe's seed and the step.
class Trainer {
 public:
  Trainer(Recipe recipe, std::vector<reward::Sample> rows, TrainerParts parts, std::filesystem::path folder);

  /// Goes on from the folder's checkpoint where there is one. Errors: kUnreadable; kInvalidArgument when the checkpoint
  /// is of another recipe.
  [[nodiscard]] Result<void> resume();
  /// Begins with what the run in `folder` has learnt, its optimizer's memory included; its LoRA must have the same
  /// shape. Errors: kNotFound where there is no checkpoint; those of Policy::load().
  [[nodiscard]] Result<void> start_from(const std::filesystem::path& folder);
  [[nodiscard]] std::size_t steps_done() const { return step_; }

  /// One step, with its line of metrics and, when it is due, its checkpoint. Errors: those of the parts.
  [[nodiscard]] Result<StepReport> step(const RunContext& context);

 private:
  struct Group;
  class Harvest;
  [[nodiscard]] Result<StepReport> imitate_step();
  [[nodiscard]] Result<StepReport> policy_step(const RunContext& context);
  [[nodiscard]] Result<bool> fill(const RunContext& context, const reward::Sample& row, Group& group,
                                  StepReport& report);
  [[nodiscard]] Result<void> gather(const RunContext& context, Harvest& harvest, StepReport& report);
  [[nodiscard]] const reward::Sample& next_row();
  [[nodiscard]] Result<void> save();
  [[nodiscard]] Result<void> share_adapter();
  [[nodiscard]] Result<void> append(const StepReport& report);

  const Recipe recipe_;
  const std::vector<reward::Sample> rows_;
  const TrainerParts parts_;
  const std::filesystem::path folder_;
  std::size_t step_ = 0;
  std::size_t position_ = 0;  ///< Rows taken so far.
  std::string metrics_;       ///< Lines up to the checkpoint and since.
};

/// A step on one line of JSON, without the line break.
[[nodiscard]] std::string print(const StepReport& report);

}  // namespace llmi::train
