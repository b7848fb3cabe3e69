#include "train/loop/trainer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/file.h"
#include "train/loop/testing_policy.h"

namespace llmi::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kWords = 4;

/// The share of a's in the answer.
reward::Score score_of(const reward::Sample& sample) {
  const auto as = static_cast<double>(std::ranges::count(sample.answer, 'a'));
  reward::Score score{.status = reward::ScoreStatus::kRulesOnly,
                      .score = sample.answer.empty() ? 0 : as / static_cast<double>(sample.answer.size()),
                      .components = {{"count", 1.0}}};
  return score;
}

struct Training {
  explicit Training(
      const fs::path& folder, Recipe recipe = usual(),
      Rewarder reward = [](const RunContext&, reward::Sample s) { return score_of(s); })
      : trainer(std::move(recipe), {{.prompt = "x"}, {.prompt = "yy"}, {.prompt = "zzz", .answer = "ab"}},
                {.policy = &policy, .sampler = &sampler, .reward = std::move(reward)}, folder) {}

  static Recipe usual() {
    return {.steps = 12, .prompts = 3, .rollouts = 6, .response_tokens = 8, .learning_rate = 1.0};
  }
  StepReport step() {
    auto report = trainer.step({});
    if (!report) throw std::runtime_error(report.error().message);
    return *std::move(report);
  }
  TablePolicy policy{kWords};
  TableSampler sampler{kWords};
  Trainer trainer;
};

class TrainerTest : public testing::Test {
 protected:
  TemporaryFolder folder_ = *TemporaryFolder::make();
};

/// Without times, which no two runs have in common.
std::vector<Json> metrics(const fs::path& folder) {
  std::vector<Json> lines;
  const std::string text = *read_file(folder / "metrics.jsonl");
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    Json line = Json::parse(text.substr(at, text.find('\n', at) - at));
    for (const char* key : {"sample_seconds", "reward_seconds", "learn_seconds"}) line.erase(key);
    lines.push_back(std::move(line));
  }
  return lines;
}

TEST_F(TrainerTest, TheRewardRises) {
  Recipe recipe = Training::usual();
  recipe.steps = 40;
  recipe.learning_rate = 3;
  Training run(folder_.path(), recipe);
  std::vector<double> rewards;
  while (run.trainer.steps_done() < recipe.steps) rewards.push_back(run.step().reward);
  const auto mean = [](auto begin, auto end) { return std::accumulate(begin, end, 0.0) / 5; };
  EXPECT_GT(mean(rewards.end() - 5, rewards.end()), mean(rewards.begin(), rewards.begin() + 5) + 0.2);
  EXPECT_GT(run.policy.logits()[1], run.policy.logits()[2] + 0.5);
  const auto lines = metrics(folder_.path());
  ASSERT_EQ(lines.size(), recipe.steps);
  EXPECT_EQ(lines.back()["step"], recipe.steps);
  EXPECT_EQ(lines.front()["components"]["count"], 1.0);
  EXPECT_LT(lines.back()["mismatch"], 1e-9);
}

TEST_F(TrainerTest, ARunThatWasKilledGoesOnWithTheSameNumbers) {
  const fs::path whole = folder_.path() / "whole";
  const fs::path broken = folder_.path() / "broken";
  Training undisturbed(whole);
  for (int i = 0; i < 12; ++i) undisturbed.step();
  const pid_t child = ::fork();
  if (child == 0) {
    Training run(broken);
    for (int i = 0; i < 12; ++i) run.step();
    ::_exit(0);
  }
  // Some steps, and then without a word of warning.
  while (!fs::exists(broken / "metrics.jsonl") || metrics(broken).size() < 3) ::usleep(1000);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  Training again(broken);
  ASSERT_TRUE(again.trainer.resume());
  EXPECT_GT(again.trainer.steps_done(), 0U);
  while (again.trainer.steps_done() < 12) again.step();
  EXPECT_EQ(metrics(broken), metrics(whole));
  EXPECT_EQ(again.policy.logits(), undisturbed.policy.logits());
}

TEST_F(TrainerTest, ACheckpointOfAnotherRecipeIsRefused) {
  Training(folder_.path()).step();
  Recipe other = Training::usual();
  other.seed = 9;
  Training run(folder_.path(), other);
  const auto resumed = run.trainer.resume();
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(TrainerTest, StartsWithWhatAnotherRunHasLearnt) {
  Training first(folder_.path() / "first");
  first.step();
  Training second(folder_.path() / "second");
  ASSERT_TRUE(second.trainer.start_from(folder_.path() / "first"));
  EXPECT_EQ(second.policy.logits(), first.policy.logits());
  EXPECT_EQ(second.trainer.steps_done(), 0U);
  // The sampler has it too: nothing is off-policy.
  EXPECT_LT(second.step().update.mismatch, 1e-9);
  EXPECT_FALSE(second.trainer.start_from(folder_.path() / "none"));
}

TEST_F(TrainerTest, WithoutACheckpointARunBegins) {
  Training run(folder_.path());
  ASSERT_TRUE(run.trainer.resume());
  EXPECT_EQ(run.trainer.steps_done(), 0U);
}

TEST_F(TrainerTest, CompletionsWithoutAScoreLeaveTheirGroup) {
  std::atomic<int> calls = 0;
  Training run(folder_.path(), Training::usual(), [&](const RunContext&, const reward::Sample& sample) {
    if (calls++ % 2 == 0)
      return reward::Score{.status = reward::ScoreStatus::kUnavailable,
                           .error = reward::ScoreError{"down", "it is down"}};
    return score_of(sample);
  });
  const StepReport report = run.step();
  EXPECT_EQ(report.unavailable, report.completions / 2);
  EXPECT_EQ(report.why_unavailable, "it is down");
  EXPECT_EQ(report.components.at("count"), 1.0);
}

TEST_F(TrainerTest, GroupsThatTeachNothingAreDrawnAgainWithinTheBudgetAndReported) {
  Recipe recipe = Training::usual();
  recipe.resample = 1;
  Training run(folder_.path(), recipe, [](const RunContext&, const reward::Sample&) {
    return reward::Score{.status = reward::ScoreStatus::kRulesOnly, .score = 0.5};
  });
  const StepReport report = run.step();
  EXPECT_EQ(report.groups, 6U);
  EXPECT_EQ(report.flat_groups, 6U);
  EXPECT_EQ(report.update.tokens, 0U);
  EXPECT_EQ(run.policy.logits(), std::vector<double>(kWords, 0.0));
}

TEST_F(TrainerTest, LongPromptsAreLeftOutAndCounted) {
  Recipe recipe = Training::usual();
  recipe.prompt_tokens = 2;
  Training run(folder_.path(), recipe);
  const StepReport report = run.step();
  EXPECT_GT(report.long_prompts, 0U);
  EXPECT_GT(report.groups, 0U);
}

TEST_F(TrainerTest, ImitatesDemonstrations) {
  Recipe recipe = Training::usual();
  recipe.algorithm = Algorithm::kSft;
  Training run(folder_.path(), recipe);
  const double first = run.step().update.loss;
  for (int i = 0; i < 10; ++i) run.step();
  EXPECT_LT(run.step().update.loss, first);
  EXPECT_TRUE(fs::exists(folder_.path() / "adapter.gguf"));
}

}  // namespace
}  // namespace llmi::train
