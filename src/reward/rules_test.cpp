#include "reward/rules.h"

#include <gtest/gtest.h>

#include <vector>

namespace llmi::reward {
namespace {

using tag::Source;

struct CountCase {
  int image_num;
  std::size_t pictures;
  double train;
  double test;
};

TEST(Rules, TheCountRuleAsPublished) {
  for (const CountCase& c : {
           CountCase{-1, 0, 1, 1},
           CountCase{-1, 1, 0, 0},
           CountCase{0, 0, 1, 1},
           CountCase{0, 7, 1, 1},
           CountCase{99, 0, 0, 0},
           CountCase{99, 1, 1, 1},
           CountCase{99, 40, 1, 1},
           CountCase{1, 0, 0, 0},
           CountCase{1, 1, 1, 1},
           CountCase{4, 1, 0.25, 0},
           CountCase{4, 3, 0.75, 0},
           CountCase{4, 4, 1, 1},
           CountCase{4, 5, 0.7, 0},
           CountCase{4, 6, 0.4, 0},
           CountCase{4, 7, 0.1, 0},
           CountCase{4, 8, 0, 0},
           CountCase{3, 99, 0, 0},
       }) {
    EXPECT_NEAR(count_rule(c.image_num, c.pictures, Split::kTrain), c.train, 1e-12) << c.image_num << " " << c.pictures;
    EXPECT_NEAR(count_rule(c.image_num, c.pictures, Split::kTest), c.test, 1e-12) << c.image_num << " " << c.pictures;
  }
}

TEST(Rules, MarksBecomeComponents) {
  EXPECT_NEAR(text_component(5, 5, Modality::kText), 1, 1e-12);
  EXPECT_NEAR(text_component(1, 1, Modality::kText), 0, 1e-12);
  EXPECT_NEAR(text_component(4, 3, Modality::kText), 0.675, 1e-12);
  EXPECT_NEAR(text_component(4, 3, Modality::kMultimodal), 0.6875, 1e-12);
  EXPECT_NEAR(text_component(1, 5, Modality::kText), 0.3, 1e-12);
  EXPECT_NEAR(picture_component(5, 5, 5), 1, 1e-12);
  EXPECT_NEAR(picture_component(1, 1, 1), 0, 1e-12);
  EXPECT_NEAR(picture_component(4, 5, 4), 5.0 / 6, 1e-12);
}

TEST(Rules, TheRewardAsPublished) {
  EXPECT_NEAR(published_reward(1, 1, 1), 1, 1e-12);
  EXPECT_NEAR(published_reward(0, 0, 1), 0, 1e-12);
  EXPECT_NEAR(published_reward(0.75, 0.675, 5.0 / 6), 0.2 * 0.75 + 0.3 * 0.75 * 5.0 / 6 + 0.5 * 0.675, 1e-12);
}

ToolUses used(const std::vector<std::pair<Source, ToolUse>>& list) {
  ToolUses uses{};
  for (const auto& [source, use] : list) uses[static_cast<std::size_t>(source)] = use;
  return uses;
}

TEST(Rules, ToolsByAttemptAndSuccess) {
  const std::vector<Source> code{Source::kCode};
  const std::vector<Source> code_and_search{Source::kCode, Source::kSearch};
  EXPECT_EQ(tool_rule({}, used({{Source::kCode, {3, 3}}})), 0);
  EXPECT_EQ(tool_rule(code, used({})), 0);
  EXPECT_EQ(tool_rule(code, used({{Source::kSearch, {1, 1}}})), 0);
  EXPECT_EQ(tool_rule(code, used({{Source::kCode, {1, 0}}})), 0.5);
  EXPECT_EQ(tool_rule(code, used({{Source::kCode, {2, 1}}})), 1);
  EXPECT_NEAR(tool_rule(code_and_search, used({{Source::kCode, {1, 1}}})), 0.4 / 0.6, 1e-12);
  EXPECT_NEAR(tool_rule(code_and_search, used({{Source::kCode, {1, 1}}, {Source::kSearch, {1, 0}}})),
              0.5 + 0.5 * 0.4 / 0.6, 1e-12);
}

}  // namespace
}  // namespace llmi::reward
