#include "train/loop/update.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "train/policy_math/importance.h"

namespace llmi::train {
namespace {

using policy_math::StepSize;

std::size_t completion_tokens(const Experience& experience) {
  return experience.sequence.tokens.size() - experience.sequence.prompt_tokens;
}

/// Neighbours that fit into the memory together.
std::vector<std::span<const Experience>> micro_batches(std::span<const Experience> all, std::size_t most_tokens) {
  std::vector<std::span<const Experience>> batches;
  std::size_t begin = 0;
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t size = all[i].sequence.tokens.size();
    if (i > begin && tokens + size > most_tokens) {
      batches.push_back(all.subspan(begin, i - begin));
      begin = i;
      tokens = 0;
    }
    tokens += size;
  }
  if (begin < all.size()) batches.push_back(all.subspan(begin));
  return batches;
}

struct Columns {
  std::vector<TokenSequence> sequences;
  std::vector<std::size_t> lengths;
  std::vector<double> advantages;
  std::vector<double> sampler;
};

Columns columns_of(std::span<const Experience> batch) {
  Columns columns;
  for (const Experience& experience : batch) {
    columns.sequences.push_back(experience.sequence);
    columns.lengths.push_back(completion_tokens(experience));
    columns.advantages.push_back(experience.advantage);
    columns.sampler.insert(columns.sampler.end(), experience.sampler_log_probs.begin(),
                           experience.sampler_log_probs.end());
  }
  return columns;
}

StepSize step_size_of(std::span<const Experience> batch) {
  std::vector<std::size_t> lengths;
  for (const Experience& experience : batch) lengths.push_back(completion_tokens(experience));
  return policy_math::step_size(lengths);
}

/// Sums over tokens, divided at the end.
class Totals {
 public:
  void add_scores(const TokenScores& scores) {
    for (const double entropy : scores.entropies) stats_.entropy += entropy;
    stats_.tokens += scores.log_probs.size();
  }
  void add_mismatch(std::span<const double> trainer, std::span<const double> sampler) {
    for (std::size_t i = 0; i < trainer.size(); ++i) {
      const double difference = std::abs(trainer[i] - sampler[i]);
      stats_.mismatch += difference;
      stats_.largest_mismatch = std::max(stats_.largest_mismatch, difference);
    }
  }
  void add_cuts(const policy_math::Cuts& cuts) {
    stats_.clipped += static_cast<double>(cuts.low + cuts.high + cuts.dual + cuts.saturated);
  }
  void add_truncated(std::size_t tokens) { stats_.truncated += static_cast<double>(tokens); }
  void add_loss(double value, double share) { stats_.loss += value * share; }
  void add_update(const UpdateReport& report) {
    stats_.gradient_norm = report.gradient_norm;
    if (!report.applied) ++stats_.skipped;
  }
  [[nodiscard]] UpdateStats stats() const {
    UpdateStats stats = stats_;
    const double tokens = std::max<double>(1, static_cast<double>(stats.tokens));
    for (double* sum : {&stats.entropy, &stats.mismatch, &stats.clipped, &stats.truncated}) *sum /= tokens;
    return stats;
  }

 private:
  UpdateStats stats_;
};

/// A micro-batch's share in the policy's gradient. `old`: log-probabilities when the step began; empty where they are
/// today's, because no update has been made since.
std::vector<double> slopes_of(const Recipe& recipe, const Columns& columns, const TokenScores& scores,
                              std::span<const double> old, StepSize step, double share, Totals& totals) {
  const std::span<const double> before = old.empty() ? std::span<const double>(scores.log_probs) : old;
  policy_math::PolicyLoss loss = policy_math::policy_loss({.logprobs = scores.log_probs,
                                                           .old_logprobs = before,
                                                           .advantages = columns.advantages,
                                                           .lengths = columns.lengths},
                                                          recipe.clip);
  const policy_math::Mismatch mismatch{.trainer_logprobs = before, .sampler_logprobs = columns.sampler};
  const policy_math::ImportanceWeights weights =
      recipe.clip.level == policy_math::RatioLevel::kSequence
          ? policy_math::sequence_weights(mismatch, columns.lengths, recipe.importance_cap)
          : policy_math::token_weights(mismatch, recipe.importance_cap);
  policy_math::weigh(loss.terms, weights.values);
  const policy_math::Objective objective =
      policy_math::aggregate(loss.terms, columns.lengths, recipe.aggregation, step);
  totals.add_scores(scores);
  totals.add_mismatch(before, columns.sampler);
  totals.add_cuts(loss.cuts);
  totals.add_truncated(weights.truncated);
  totals.add_loss(objective.value, share);
  return objective.gradient;
}

Result<std::vector<std::vector<double>>> old_log_probs(Policy& policy,
                                                       std::span<const std::span<const Experience>> batches) {
  std::vector<std::vector<double>> old;
  for (const auto& batch : batches) {
    LLMI_TRY(TokenScores scores, policy.score(columns_of(batch).sequences));
    old.push_back(std::move(scores.log_probs));
  }
  return old;
}

}  // namespace

Result<UpdateStats> learn(Policy& policy, const Recipe& recipe, std::span<const Experience> experiences,
                          double learning_rate) {
  const std::size_t updates = std::min(recipe.updates, experiences.size());
  Totals totals;
  std::vector<std::vector<std::span<const Experience>>> parts;
  std::vector<std::vector<std::vector<double>>> old;
  for (std::size_t i = 0; i < updates; ++i) {
    const std::size_t begin = experiences.size() * i / updates;
    const std::size_t end = experiences.size() * (i + 1) / updates;
    parts.push_back(micro_batches(experiences.subspan(begin, end - begin), recipe.micro_tokens));
    // All before the first update; where there is only one, accumulate() computes them anyway.
    old.emplace_back();
    if (updates > 1) {
      LLMI_TRY(old.back(), old_log_probs(policy, parts.back()));
    }
  }
  for (std::size_t i = 0; i < updates; ++i) {
    const std::span<const Experience> whole(parts[i].front().data(), parts[i].back().data() + parts[i].back().size());
    const StepSize step = step_size_of(whole);
    for (std::size_t k = 0; k < parts[i].size(); ++k) {
      const Columns columns = columns_of(parts[i][k]);
      const std::span<const double> before = old[i].empty() ? std::span<const double>() : old[i][k];
      LLMI_CHECK_OK(policy.accumulate(columns.sequences, [&](const TokenScores& scores) {
        return slopes_of(recipe, columns, scores, before, step, 1.0 / static_cast<double>(updates), totals);
      }));
    }
    LLMI_TRY(const UpdateReport report, policy.update(learning_rate, recipe.gradient_clip));
    totals.add_update(report);
  }
  return totals.stats();
}

Result<UpdateStats> imitate(Policy& policy, const Recipe& recipe, std::span<const Experience> experiences,
                            double learning_rate) {
  const auto tokens = static_cast<double>(step_size_of(experiences).tokens);
  Totals totals;
  for (const auto& batch : micro_batches(experiences, recipe.micro_tokens)) {
    LLMI_CHECK_OK(policy.accumulate(columns_of(batch).sequences, [&](const TokenScores& scores) {
      totals.add_scores(scores);
      for (const double log_prob : scores.log_probs) totals.add_loss(-log_prob, 1 / tokens);
      return std::vector<double>(scores.log_probs.size(), -1 / tokens);
    }));
  }
  LLMI_TRY(const UpdateReport report, policy.update(learning_rate, recipe.gradient_clip));
  totals.add_update(report);
  return totals.stats();
}

}  // namespace llmi::train
