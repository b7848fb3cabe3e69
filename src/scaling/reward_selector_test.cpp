#include "scaling/reward_selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "scaling/scaling_test_stage.h"

namespace llmi::scaling {
namespace {

using testing::HasSubstr;

const std::string kAnswer = "# Foxes\n\nThe fox.\n\n" + search_tag("The fox", "fox") + "\n";

/// A judge that always says this.
std::unique_ptr<reward::Judge> judge_saying(const std::string& reply, bool sees = false) {
  return std::make_unique<reward::Judge>(reward::JudgeOptions{
      .open = [=](const RunContext&) -> Result<std::unique_ptr<lm::LanguageModel>> {
        auto model = std::make_unique<ReplyingModel>([=](std::uint64_t, const auto&) { return reply; });
        model->can.sees = sees;
        return model;
      },
      .retries = 0,
      .concurrency = 1});
}

class RewardSelectorTest : public testing::Test {
 protected:
  RewardSelectorTest() { task_.prompt = "Foxes"; }

  Version plan(const std::string& answer) {
    const agent::Services services{.model = &model_, .tools = {&search_}};
    answer_ = answer;
    return plan_version({.seed = 1}, services, task_).value();
  }
  Version made(const std::string& answer) {
    const agent::Services services{.model = nullptr, .tools = {&search_}};
    return make_version({.seed = 1}, services, task_, answer, {}).value();
  }
  static double score(RewardSelector& selector, const agent::Task& task, const Version& version) {
    return selector.judge({}, task, version).score.value();
  }
  double by_rules(const Version& version) { return score(rules_, task_, version); }

  std::string answer_;
  ReplyingModel model_{[this](std::uint64_t, const auto&) { return answer_; }};
  PlainTool search_{tag::Source::kSearch};
  agent::Task task_;
  RewardSelector rules_;
};

TEST_F(RewardSelectorTest, APlanCountsAsWhatItWillCometo) {
  EXPECT_DOUBLE_EQ(by_rules(plan(kAnswer)), by_rules(made(kAnswer)));
  const std::string broken = kAnswer + search_tag("A fox", "broken") + "\n";
  EXPECT_GT(by_rules(plan(broken)), by_rules(made(broken)));
}

TEST_F(RewardSelectorTest, RulesSeeFaultsNumbersAndRepetition) {
  const double good = by_rules(plan(kAnswer));
  EXPECT_LT(by_rules(plan(kAnswer + "<imgen>{nonsense}</imgen>\n")), good);
  EXPECT_LT(by_rules(plan(kAnswer + search_tag("The fox", "fox") + "\n")), good);
  EXPECT_LT(by_rules(made(kAnswer + search_tag("The fox", "fox") + "\n")), by_rules(made(kAnswer)));
  task_.figures = {agent::FigureCount::Kind::kExactly, 2};
  EXPECT_LT(by_rules(plan(kAnswer)), good);
}

TEST_F(RewardSelectorTest, TheTextJudgesMarksDecide) {
  const auto strict = judge_saying(R"({"reason": "", "text": 1, "image": 1, "needs_pictures": true})");
  const auto mild = judge_saying(R"({"reason": "", "text": 5, "image": 5, "needs_pictures": true})");
  RewardSelector low({.llm = strict.get()});
  RewardSelector high({.llm = mild.get()});
  EXPECT_DOUBLE_EQ(score(high, task_, plan(kAnswer)), 1);
  EXPECT_LT(score(low, task_, plan(kAnswer)), 0.7);
  // Without a judge of pictures they are taken to be good, planned or made.
  EXPECT_DOUBLE_EQ(score(high, task_, made(kAnswer)), 1);
  EXPECT_LT(score(high, task_, made("# Foxes\n\nNo picture.\n")), 0.7);
}

TEST_F(RewardSelectorTest, ThePictureJudgeIsAskedOnlyWherePicturesAre) {
  const auto strict =
      judge_saying(R"({"reason": "", "image_quality": 1, "task_relevance": 1, "text_image_relevance": 1})", true);
  RewardSelector selector({.mllm = strict.get()});
  EXPECT_DOUBLE_EQ(score(selector, task_, plan(kAnswer)), 1);
  EXPECT_LT(score(selector, task_, made(kAnswer)), 0.8);
}

TEST_F(RewardSelectorTest, AJudgeThatSaysNothingGivesNoScore) {
  const auto mute = judge_saying("I like it");
  RewardSelector selector({.llm = mute.get()});
  const Judgement judgement = selector.judge({}, task_, plan(kAnswer));
  EXPECT_FALSE(judgement.score);
  EXPECT_THAT(judgement.reason, HasSubstr("LLM judge"));
}

}  // namespace
}  // namespace llmi::scaling
