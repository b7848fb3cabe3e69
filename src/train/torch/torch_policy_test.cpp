// Against llama.cpp, which reads the same files; no torch in here.
#include "train/torch/torch_policy.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "base/file.h"
#include "train/torch/testing_llama.h"

namespace llmi::train {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::size_t, 4> kLengths = {9, 24, 1, 5};
constexpr std::int32_t kWords = 49152;
/// Two programs that add float32 numbers in different orders, over log-probabilities of about -11 (-60 with the tiny
/// models' wide weights).
constexpr double kTolerance = 2e-4;

std::unique_ptr<TorchPolicy> open(const PolicyOptions& options) {
  auto policy = open_torch_policy(options);
  if (!policy) throw std::runtime_error(policy.error().message);
  return *std::move(policy);
}

TokenScores score(Policy& policy, std::span<const TokenSequence> batch) {
  auto scores = policy.score(batch);
  if (!scores) throw std::runtime_error(scores.error().message);
  return *std::move(scores);
}

std::vector<double> ones(const TokenScores& scores) { return std::vector<double>(scores.log_probs.size(), -1.0); }

/// Two updates towards the batch.
void learn(Policy& policy, std::span<const TokenSequence> batch, double learning_rate = 0.01) {
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(policy.accumulate(batch, ones));
    const auto report = policy.update(learning_rate, 1);
    ASSERT_TRUE(report && report->applied);
    EXPECT_GT(report->gradient_norm, 0);
  }
}

class OfArchitecture : public testing::TestWithParam<const char*> {
 protected:
  OfArchitecture() {
    options_.model = tiny_models() / (std::string(GetParam()) + ".gguf");
    options_.lora->rank = 4;
  }
  PolicyOptions options_;
  TemporaryFolder folder_ = TemporaryFolder::make().value();
  std::vector<TokenSequence> batch_ = random_sequences(kLengths, kWords, 7);
};

TEST_P(OfArchitecture, LogProbsAreThoseOfLlamaCpp) {
  // The longest attends in more than one block.
  batch_ = random_sequences(std::array<std::size_t, 3>{17, 300, 1}, kWords, 7);
  const auto policy = open(options_);
  const fs::path merged = folder_.path() / "merged.gguf";
  ASSERT_TRUE(policy->export_merged(merged));
  const double difference = largest_difference(score(*policy, batch_).log_probs, llama_log_probs(merged, {}, batch_));
  RecordProperty("difference", std::to_string(difference));
  EXPECT_LT(difference, kTolerance);
}

TEST_P(OfArchitecture, LlamaCppLoadsTheAdapter) {
  const auto policy = open(options_);
  const fs::path base = folder_.path() / "base.gguf";
  ASSERT_TRUE(policy->export_merged(base));
  const std::vector<double> before = score(*policy, batch_).log_probs;
  learn(*policy, batch_);
  const std::vector<double> after = score(*policy, batch_).log_probs;
  EXPECT_GT(largest_difference(before, after), 0.1);
  const fs::path adapter = folder_.path() / "adapter.gguf";
  ASSERT_TRUE(policy->export_adapter(adapter));
  EXPECT_LT(largest_difference(after, llama_log_probs(base, adapter, batch_)), kTolerance);
  const fs::path merged = folder_.path() / "merged.gguf";
  ASSERT_TRUE(policy->export_merged(merged));
  EXPECT_LT(largest_difference(after, llama_log_probs(merged, {}, batch_)), kTolerance);
}

TEST_P(OfArchitecture, AllWeightsMergedAreThoseOfTheTrainer) {
  options_.lora.reset();
  const auto policy = open(options_);
  learn(*policy, batch_, 1e-3);
  const fs::path merged = folder_.path() / "merged.gguf";
  ASSERT_TRUE(policy->export_merged(merged));
  EXPECT_LT(largest_difference(score(*policy, batch_).log_probs, llama_log_probs(merged, {}, batch_)), kTolerance);
  EXPECT_EQ(policy->export_adapter(folder_.path() / "a.gguf").error().code, ErrorCode::kInvalidArgument);
}

TEST_P(OfArchitecture, LoadGoesOnToTheBit) {
  for (const bool lora : {true, false}) {
    if (!lora) options_.lora.reset();
    const auto first = open(options_);
    learn(*first, batch_);
    ASSERT_TRUE(first->save(folder_.path()));
    learn(*first, batch_);
    options_.seed = 2;
    const auto second = open(options_);
    ASSERT_TRUE(second->load(folder_.path()));
    learn(*second, batch_);
    EXPECT_EQ(score(*first, batch_).log_probs, score(*second, batch_).log_probs);
  }
}

TEST_P(OfArchitecture, CheckpointingGivesTheSameBits) {
  const auto plain = open(options_);
  options_.checkpointing = true;
  const auto checkpointed = open(options_);
  learn(*plain, batch_);
  learn(*checkpointed, batch_);
  EXPECT_EQ(score(*plain, batch_).log_probs, score(*checkpointed, batch_).log_probs);
}

INSTANTIATE_TEST_SUITE_P(All, OfArchitecture, testing::Values("llama", "qwen2", "qwen3"),
                         [](const auto& info) { return std::string(info.param); });

class TinyPolicy : public testing::Test {
 protected:
  TinyPolicy() { options_.model = tiny_models() / "qwen3.gguf"; }
  PolicyOptions options_;
  std::vector<TokenSequence> batch_ = random_sequences(kLengths, kWords, 7);
};

TEST_F(TinyPolicy, PackedSequencesDoNotSeeEachOther) {
  const auto policy = open(options_);
  const TokenScores together = score(*policy, batch_);
  std::vector<double> apart, entropies;
  for (const TokenSequence& sequence : batch_) {
    const TokenScores alone = score(*policy, {&sequence, 1});
    apart.insert(apart.end(), alone.log_probs.begin(), alone.log_probs.end());
    entropies.insert(entropies.end(), alone.entropies.begin(), alone.entropies.end());
  }
  EXPECT_LT(largest_difference(together.log_probs, apart), kTolerance);
  EXPECT_LT(largest_difference(together.entropies, entropies), kTolerance);
}

TEST_F(TinyPolicy, MicroBatchesAddUp) {
  const auto whole = open(options_), parts = open(options_);
  ASSERT_TRUE(whole->accumulate(batch_, ones));
  for (const TokenSequence& sequence : batch_) ASSERT_TRUE(parts->accumulate({&sequence, 1}, ones));
  const double norm = whole->update(0, 1)->gradient_norm;
  EXPECT_NEAR(parts->update(0, 1)->gradient_norm / norm, 1, 1e-4);
}

TEST_F(TinyPolicy, UpdateClearsTheGradient) {
  const auto policy = open(options_);
  ASSERT_TRUE(policy->accumulate(batch_, ones));
  EXPECT_GT(policy->update(0.01, 1)->gradient_norm, 0);
  EXPECT_EQ(policy->update(0, 1)->gradient_norm, 0);
}

TEST_F(TinyPolicy, AGradientThatIsNotFiniteChangesNothing) {
  const auto policy = open(options_), untouched = open(options_);
  learn(*policy, batch_);
  learn(*untouched, batch_);
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    ASSERT_TRUE(policy->accumulate(batch_, [&](const TokenScores& scores) {
      std::vector<double> slopes = ones(scores);
      slopes[3] = bad;
      return slopes;
    }));
    const auto report = policy->update(0.01, 1);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->applied);
    EXPECT_FALSE(std::isfinite(report->gradient_norm));
  }
  EXPECT_EQ(score(*policy, batch_).log_probs, score(*untouched, batch_).log_probs);
  learn(*policy, batch_);
  learn(*untouched, batch_);
  EXPECT_EQ(score(*policy, batch_).log_probs, score(*untouched, batch_).log_probs);
}

TEST_F(TinyPolicy, LearnsTheBatch) {
  const auto policy = open(options_);
  const auto mean = [&] {
    double sum = 0;
    const TokenScores scores = score(*policy, batch_);
    for (const double log_prob : scores.log_probs) sum += log_prob;
    return sum / static_cast<double>(scores.log_probs.size());
  };
  const double before = mean();
  for (int i = 0; i < 5; ++i) learn(*policy, batch_, 3e-3);
  EXPECT_GT(mean(), before + 1);
}

TEST_F(TinyPolicy, SeedsDecideTheFirstValues) {
  const auto first = open(options_), same = open(options_);
  options_.seed = 2;
  const auto other = open(options_);
  for (TorchPolicy* policy : {first.get(), same.get(), other.get()}) learn(*policy, batch_);
  EXPECT_EQ(score(*first, batch_).log_probs, score(*same, batch_).log_probs);
  EXPECT_NE(score(*first, batch_).log_probs, score(*other, batch_).log_probs);
}

TEST_F(TinyPolicy, Bfloat16IsNear) {
  const auto exact = open(options_);
  options_.precision = Precision::kBfloat16;
  const auto rough = open(options_);
  EXPECT_LT(largest_difference(score(*exact, batch_).entropies, score(*rough, batch_).entropies), 1);
  learn(*rough, batch_);
}

TEST_F(TinyPolicy, NamesWhatIsWrongWithABatch) {
  const auto policy = open(options_);
  const auto code = [&](std::vector<std::int32_t> tokens, std::size_t prompt) {
    const TokenSequence sequence{.tokens = std::move(tokens), .prompt_tokens = prompt};
    return policy->score({&sequence, 1}).error().code;
  };
  EXPECT_EQ(policy->score({}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({}, 0), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({1, 2}, 3), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({1, 2}, 0), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({1, kWords}, 1), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({1, -1}, 1), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(std::vector<std::int32_t>(513, 1), 1), ErrorCode::kInvalidArgument);
}

TEST_F(TinyPolicy, ABatchOfPromptsOnlyTeachesNothing) {
  const auto policy = open(options_);
  const TokenSequence prompt{.tokens = {1, 2, 3}, .prompt_tokens = 3};
  const auto scores = policy->accumulate({&prompt, 1}, ones);
  ASSERT_TRUE(scores);
  EXPECT_TRUE(scores->log_probs.empty());
  EXPECT_EQ(policy->update(0.01, 1)->gradient_norm, 0);
}

TEST_F(TinyPolicy, StateOfOtherOptionsIsRefused) {
  const auto folder = TemporaryFolder::make().value();
  ASSERT_TRUE(open(options_)->save(folder.path()));
  options_.lora->rank = 8;
  const auto policy = open(options_);
  EXPECT_EQ(policy->load(folder.path()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(policy->load(folder.path() / "none").error().code, ErrorCode::kNotFound);
}

TEST(OpenTorchPolicy, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(open_torch_policy({.model = "/nowhere"}).error().code, ErrorCode::kNotFound);
  const auto moe = open_torch_policy({.model = tiny_models() / "qwen3moe.gguf"});
  ASSERT_FALSE(moe);
  EXPECT_NE(moe.error().message.find("qwen3moe"), std::string::npos) << moe.error().message;
  EXPECT_EQ(open_torch_policy({.model = tiny_models() / "red.png"}).error().code, ErrorCode::kUnreadable);
  EXPECT_EQ(open_torch_policy({.model = tiny_models() / "llama.gguf", .lora = LoraOptions{.rank = 0}}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(SmallModel, LogProbsAreThoseOfLlamaCpp) {
  const auto folder = TemporaryFolder::make().value();
  const auto policy = open({.model = small_model()});
  const auto batch = random_sequences(std::array<std::size_t, 2>{40, 130}, kWords, 3);
  const TokenScores scores = score(*policy, batch);
  const fs::path merged = folder.path() / "merged.gguf";
  ASSERT_TRUE(policy->export_merged(merged));
  const double difference = largest_difference(scores.log_probs, llama_log_probs(merged, {}, batch));
  // llama.cpp rounds activations to 8 bits beside 4-bit weights.
  const double quantised = largest_difference(scores.log_probs, llama_log_probs(small_model(), {}, batch));
  RecordProperty("difference", std::to_string(difference));
  RecordProperty("difference_quantised", std::to_string(quantised));
  EXPECT_LT(difference, kTolerance);
  EXPECT_LT(quantised, 1);
}

}  // namespace
}  // namespace llmi::train
