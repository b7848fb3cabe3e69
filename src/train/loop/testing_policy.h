#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/random.h"
#include "train/policy.h"
#include "train/rollout/sampler.h"

namespace llmi::train {

inline std::string table_text(const std::vector<double>& table) {
  std::ostringstream text;
  text << std::hexfloat;
  for (const double value : table) text << value << ' ';
  return text.str();
}

inline Result<std::vector<double>> read_table(const std::filesystem::path& file) {
  LLMI_TRY(const std::string text, read_file(file));
  std::vector<double> table;
  // Streams write hexadecimal floats but do not read them.
  for (const char* at = text.c_str(); *at != '\0' && at[1] != '\0';) {
    char* end = nullptr;
    table.push_back(std::strtod(at, &end));
    at = end + 1;
  }
  return table;
}

/// The smallest policy that can learn: one distribution over a few words, whatever stands before. Word 0 ends a text.
class TablePolicy final : public Policy {
 public:
  explicit TablePolicy(std::size_t words) : logits_(words, 0.0), gradient_(words, 0.0) {}

  [[nodiscard]] const std::vector<double>& logits() const { return logits_; }

  static std::vector<double> probabilities(const std::vector<double>& logits) {
    std::vector<double> result;
    double sum = 0;
    for (const double logit : logits) sum += std::exp(logit);
    for (const double logit : logits) result.push_back(std::exp(logit) / sum);
    return result;
  }

  [[nodiscard]] Result<TokenScores> score(std::span<const TokenSequence> batch) override {
    TokenScores scores;
    const std::vector<double> p = probabilities(logits_);
    double entropy = 0;
    for (const double one : p) entropy -= one * std::log(one);
    for (const TokenSequence& sequence : batch) {
      for (std::size_t i = sequence.prompt_tokens; i < sequence.tokens.size(); ++i) {
        scores.log_probs.push_back(std::log(p[static_cast<std::size_t>(sequence.tokens[i])]));
        scores.entropies.push_back(entropy);
      }
    }
    return scores;
  }
  [[nodiscard]] Result<TokenScores> accumulate(std::span<const TokenSequence> batch,
                                               const LossSlopes& slopes) override {
    LLMI_TRY(TokenScores scores, score(batch));
    const std::vector<double> slope = slopes(scores);
    const std::vector<double> p = probabilities(logits_);
    std::size_t at = 0;
    for (const TokenSequence& sequence : batch) {
      for (std::size_t i = sequence.prompt_tokens; i < sequence.tokens.size(); ++i, ++at) {
        for (std::size_t w = 0; w < p.size(); ++w)
          gradient_[w] += slope[at] * ((static_cast<std::size_t>(sequence.tokens[i]) == w ? 1 : 0) - p[w]);
      }
    }
    ++batches;
    return scores;
  }
  [[nodiscard]] Result<UpdateReport> update(double learning_rate, double max_norm) override {
    double norm = 0;
    for (const double one : gradient_) norm += one * one;
    norm = std::sqrt(norm);
    last_gradient = gradient_;
    const double scale = norm > max_norm ? max_norm / norm : 1;
    for (std::size_t w = 0; w < logits_.size(); ++w) logits_[w] -= learning_rate * scale * gradient_[w];
    std::ranges::fill(gradient_, 0.0);
    return UpdateReport{.gradient_norm = norm};
  }
  [[nodiscard]] Result<void> save(const std::filesystem::path& folder) const override {
    return write_file(folder / "table.txt", table_text(logits_));
  }
  [[nodiscard]] Result<void> load(const std::filesystem::path& folder) override {
    LLMI_TRY(logits_, read_table(folder / "table.txt"));
    return {};
  }
  [[nodiscard]] Result<void> export_adapter(const std::filesystem::path& file) const override {
    // Like the real one, which makes no folders.
    if (!std::filesystem::exists(file.parent_path())) return not_found("there is no folder for the adapter");
    return write_file(file, table_text(logits_));
  }

  std::size_t batches = 0;
  std::vector<double> last_gradient;

 private:
  std::vector<double> logits_;
  std::vector<double> gradient_;
};

/// Samples from the table that an adapter file holds. Word 1 is "a", word 2 "b", …
class TableSampler final : public Sampler {
 public:
  explicit TableSampler(std::size_t words) : logits_(words, 0.0) {}

  [[nodiscard]] Result<std::vector<std::int32_t>> prompt(std::string_view /*system*/, std::string_view user) override {
    return std::vector<std::int32_t>(std::max<std::size_t>(1, user.size()), 1);
  }
  [[nodiscard]] Result<std::vector<std::int32_t>> answer(std::string_view text) override {
    std::vector<std::int32_t> tokens;
    for (const char letter : text) tokens.push_back(letter - 'a' + 1);
    tokens.push_back(0);
    return tokens;
  }
  [[nodiscard]] Result<std::vector<Rollout>> sample(const RunContext& context, std::span<const std::int32_t>,
                                                    std::size_t count, std::size_t most_tokens) override {
    const std::vector<double> p = TablePolicy::probabilities(logits_);
    std::vector<Rollout> rollouts(count);
    for (std::size_t i = 0; i < count; ++i) {
      Random random(derived_seed(context.seed, i));
      while (!rollouts[i].finished && rollouts[i].tokens.size() < most_tokens) write(random, p, rollouts[i]);
    }
    return rollouts;
  }
  [[nodiscard]] Result<void> use_adapter(const std::filesystem::path& file) override {
    LLMI_TRY(logits_, read_table(file));
    return {};
  }

 private:
  static void write(Random& random, const std::vector<double>& p, Rollout& rollout) {
    double unit = random.unit();
    std::size_t word = 0;
    while (word + 1 < p.size() && unit >= p[word]) unit -= p[word++];
    rollout.tokens.push_back(static_cast<std::int32_t>(word));
    rollout.log_probs.push_back(std::log(p[word]));
    rollout.finished = word == 0;
    if (word > 0) rollout.text.push_back(static_cast<char>('a' + word - 1));
  }

  std::vector<double> logits_;
};

}  // namespace llmi::train
