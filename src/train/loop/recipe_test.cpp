#include "train/loop/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llmi::train {
namespace {

using testing::HasSubstr;

constexpr const char* kShortest = "algorithm = \"gspo\"\nmodel = \"m\"\nsteps = 10\n[data]\nfile = \"rows.jsonl\"\n";

Recipe recipe(const std::string& more = "") {
  auto read = read_recipe(kShortest + more, "/recipes/r.toml");
  if (!read) throw std::runtime_error(read.error().message);
  return *std::move(read);
}

TEST(Recipe, WhatIsNotSaidIsAsPublished) {
  const Recipe gspo = recipe();
  EXPECT_EQ(gspo.data, "/recipes/rows.jsonl");
  EXPECT_EQ(gspo.clip.level, policy_math::RatioLevel::kSequence);
  EXPECT_DOUBLE_EQ(gspo.clip.low, 3e-4);
  EXPECT_DOUBLE_EQ(gspo.clip.high, 4e-4);
  EXPECT_EQ(gspo.aggregation, policy_math::Aggregation::kSequenceMeanOfTokenMean);
  EXPECT_DOUBLE_EQ(gspo.weight_decay, 0.1);
  EXPECT_DOUBLE_EQ(gspo.gradient_clip, 1.0);
}

TEST(Recipe, ReadsEveryTable) {
  const Recipe read = recipe(
      "[step]\nprompts = 32\nrollouts = 4\n[optimizer]\nlearning_rate = 1e-6\nwarmup = 5\n[loss]\n"
      "baseline = \"leave-one-out\"\nclip_high = 0.28\n[lora]\nrank = 8\nmatrices = [\"q\", \"v\"]\n");
  EXPECT_EQ(read.prompts, 32U);
  EXPECT_EQ(read.rollouts, 4U);
  EXPECT_EQ(read.warmup, 5U);
  EXPECT_EQ(read.baseline, policy_math::Baseline::kLeaveOneOut);
  EXPECT_DOUBLE_EQ(read.clip.high, 0.28);
  EXPECT_EQ(read.lora_rank, 8U);
  EXPECT_THAT(read.lora_matrices, testing::ElementsAre("q", "v"));
}

TEST(Recipe, AMistakeNamesFileLineKeyAndWhatIsAllowed) {
  struct Case {
    const char* more;
    const char* says;
  };
  for (const Case& c :
       {Case{"[step]\nrollouts = 1\n", "line 7: step.rollouts is 1; it must be a whole number from 2"},
        Case{"[step]\nprompts = 1.5\n", "step.prompts is 1.5"},
        Case{"[loss]\nbaseline = \"none\"\n", "one of standardised, mean, leave-one-out"},
        Case{"[lora]\nmatrices = [\"x\"]\n", "a list of q, k, v, o, gate, up, down"},
        Case{"[lora]\nrank = 0\n", "lora.rank"}, Case{"[step]\nrolouts = 8\n", "step.rolouts: there is no such key"},
        Case{"[step]\nprompts = 1\nupdates = 2\n", "step.updates"}, Case{"[step\n", "line 6"}}) {
    const auto read = read_recipe(std::string(kShortest) + c.more, "/recipes/r.toml");
    ASSERT_FALSE(read) << c.more;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidConfig);
    EXPECT_THAT(read.error().message, HasSubstr("/recipes/r.toml"));
    EXPECT_THAT(read.error().message, HasSubstr(c.says));
  }
  const auto missing = read_recipe("algorithm = \"sft\"\n", "r.toml");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("model is missing"));
}

TEST(Recipe, TheLearningRateWarmsUpAndFallsToItsShare) {
  Recipe r = recipe("[optimizer]\nlearning_rate = 1.0\nwarmup = 4\n");
  r.steps = 14;
  EXPECT_DOUBLE_EQ(learning_rate(r, 0), 0.25);
  EXPECT_DOUBLE_EQ(learning_rate(r, 3), 1.0);
  EXPECT_DOUBLE_EQ(learning_rate(r, 4), 1.0);
  EXPECT_NEAR(learning_rate(r, 13), 0.01, 1e-12);
  for (std::size_t step = 4; step < 13; ++step) EXPECT_GT(learning_rate(r, step), learning_rate(r, step + 1));
}

}  // namespace
}  // namespace llmi::train
