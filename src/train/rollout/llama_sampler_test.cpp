#include <gtest/gtest.h>

#include "base/file.h"
#include "train/rollout/sampler.h"
#include "train/torch/testing_llama.h"
#include "train/torch/torch_policy.h"

namespace llmi::train {
namespace {

constexpr std::uint32_t kCompletions = 3;
constexpr std::size_t kTokens = 12;

class LlamaSamplerTest : public testing::Test {
 protected:
  LlamaSamplerTest() {
    auto sampler = open_llama_sampler(
        {.model = model_, .completions = kCompletions, .prompt_tokens = 64, .completion_tokens = 32});
    if (!sampler) throw std::runtime_error(sampler.error().message);
    sampler_ = *std::move(sampler);
    prompt_ = *sampler_->prompt("", "Write about foxes.");
  }
  std::vector<Rollout> sample(std::uint64_t seed) {
    auto rollouts = sampler_->sample({.seed = seed}, prompt_, kCompletions, kTokens);
    if (!rollouts) throw std::runtime_error(rollouts.error().message);
    return *std::move(rollouts);
  }
  std::filesystem::path model_ = tiny_models() / "llama.gguf";
  std::unique_ptr<Sampler> sampler_;
  std::vector<std::int32_t> prompt_;
};

std::vector<std::vector<std::int32_t>> tokens(const std::vector<Rollout>& rollouts) {
  std::vector<std::vector<std::int32_t>> all;
  for (const Rollout& rollout : rollouts) all.push_back(rollout.tokens);
  return all;
}

TEST_F(LlamaSamplerTest, ASeedDecidesAndCompletionsDiffer) {
  const auto first = tokens(sample(1));
  EXPECT_EQ(tokens(sample(1)), first);
  EXPECT_NE(tokens(sample(2)), first);
  ASSERT_EQ(first.size(), kCompletions);
  EXPECT_NE(first[0], first[1]);
}

/// What the trainer is told is what it would compute itself.
TEST_F(LlamaSamplerTest, LogProbsAreThoseOfTheWholeDistribution) {
  std::vector<TokenSequence> batch;
  std::vector<double> sampled;
  for (const Rollout& rollout : sample(7)) {
    ASSERT_EQ(rollout.tokens.size(), rollout.log_probs.size());
    TokenSequence sequence{.tokens = prompt_, .prompt_tokens = prompt_.size()};
    sequence.tokens.insert(sequence.tokens.end(), rollout.tokens.begin(), rollout.tokens.end());
    batch.push_back(std::move(sequence));
    sampled.insert(sampled.end(), rollout.log_probs.begin(), rollout.log_probs.end());
  }
  // The sampler keeps keys and values in half precision.
  EXPECT_LT(largest_difference(sampled, llama_log_probs(model_, {}, batch)), 0.1);
}

TEST_F(LlamaSamplerTest, AnAdapterTakesThePlaceOfTheOneBefore) {
  const auto base = tokens(sample(1));
  const auto folder = *TemporaryFolder::make();
  auto policy = open_torch_policy({.model = model_, .lora = LoraOptions{.rank = 4}});
  ASSERT_TRUE(policy) << policy.error().message;
  ASSERT_TRUE((*policy)->export_adapter(folder.path() / "untrained.gguf"));
  const std::vector<TokenSequence> batch{{.tokens = {5, 6, 7, 8, 9}, .prompt_tokens = 1}};
  const auto slopes = [](const TokenScores& scores) { return std::vector<double>(scores.log_probs.size(), -1.0); };
  ASSERT_TRUE((*policy)->accumulate(batch, slopes) && (*policy)->update(0.05, 1.0));
  ASSERT_TRUE((*policy)->export_adapter(folder.path() / "trained.gguf"));
  ASSERT_TRUE(sampler_->use_adapter(folder.path() / "trained.gguf"));
  EXPECT_NE(tokens(sample(1)), base);
  ASSERT_TRUE(sampler_->use_adapter(folder.path() / "untrained.gguf"));
  EXPECT_EQ(tokens(sample(1)), base);
  EXPECT_FALSE(sampler_->use_adapter(folder.path() / "none.gguf"));
}

TEST_F(LlamaSamplerTest, WhatDoesNotFitIsRefused) {
  EXPECT_FALSE(sampler_->sample({}, prompt_, kCompletions + 1, 4));
  EXPECT_FALSE(sampler_->sample({}, prompt_, kCompletions, 100'000));
  EXPECT_FALSE(sampler_->sample({}, {}, 1, 4));
}

TEST_F(LlamaSamplerTest, AnAnswerEndsWithTheTokenThatEndsATurn) {
  const auto sampler = *open_llama_sampler({.model = small_model(), .completions = 1});
  const auto prompt = *sampler->prompt("Be brief.", "Hi");
  const auto answer = *sampler->answer("Hello.");
  EXPECT_GT(prompt.size(), 10U);
  ASSERT_GT(answer.size(), 1U);
  EXPECT_EQ(answer.back(), 2);                                // <|im_end|>
  EXPECT_EQ(std::count(prompt.begin(), prompt.end(), 1), 3);  // <|im_start|>
}

}  // namespace
}  // namespace llmi::train
