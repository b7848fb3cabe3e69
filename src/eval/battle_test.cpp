#include "eval/battle.h"

#include <algorithm>

#include "eval/sample.h"
#include "eval/testing_answer.h"

namespace llmi::eval {
namespace {

class BattleTest : public testing::Test {
 protected:
  /// An evaluation that wrote "words of ID" for each id.
  Contestant contestant(const std::string& name, const std::vector<std::string>& ids) {
    const Contestant made{.name = name, .folder = folder_.path() / name};
    for (const std::string& id : ids) {
      EXPECT_TRUE(generate({.seed = 1}, Studio({name + " of " + id}).writer(), {.id = id, .prompt = "Foxes"},
                           run_folder(made.folder, id)));
      EXPECT_TRUE(write_file(sample_file(made.folder, id), to_json(Sample{.id = id})));
    }
    return made;
  }
  TemporaryFolder folder_ = *TemporaryFolder::make("llmi-battle");
};

TEST_F(BattleTest, CommonItemsMeetInBothOrders) {
  const std::vector<Contestant> two{contestant("cat", {"1", "2", "3"}), contestant("dog", {"3", "2"})};
  const auto battles = pair_up(two, 2, 1);
  ASSERT_TRUE(battles) << battles.error().message;
  ASSERT_EQ(battles->size(), 4U);
  for (std::size_t i = 0; i < 4; i += 2) {
    EXPECT_EQ(battles->at(i).id, battles->at(i + 1).id);
    EXPECT_EQ(battles->at(i).a, battles->at(i + 1).b);
    EXPECT_EQ(battles->at(i).b, battles->at(i + 1).a);
  }
  EXPECT_FALSE(pair_up(std::vector{two[0], contestant("owl", {"9"})}, 2, 1));
}

TEST_F(BattleTest, TheJudgeSeesBothAndAFailureIsMissing) {
  const std::vector<Contestant> two{contestant("cat", {"1"}), contestant("dog", {"1"})};
  RecordingJudge recorder(4);
  Battle battle{.id = "1", .a = 1, .b = 0};
  ASSERT_TRUE(decide({.seed = 1}, recorder.judge(), two, battle));
  EXPECT_EQ(battle.winner, Winner::kTieB);
  const std::string& content = recorder.asked.at(0).content;
  EXPECT_LT(content.find("dog of 1"), content.find("cat of 1"));
  EXPECT_NE(content.find("Foxes"), std::string::npos);

  RecordingJudge away(
      [](const Question&) -> Result<Verdict> { return fail(ErrorCode::kUnavailable, Origin::kModel, "away"); });
  ASSERT_TRUE(decide({.seed = 1}, away.judge(), two, battle));
  EXPECT_EQ(battle.winner, Winner::kMissing);
}

TEST(Standings, TiesCountFourWays) {
  const std::vector<Battle> battles{{.id = "1", .a = 0, .b = 1, .winner = Winner::kA},
                                    {.id = "2", .a = 1, .b = 0, .winner = Winner::kA},
                                    {.id = "3", .a = 0, .b = 1, .winner = Winner::kTieA},
                                    {.id = "4", .a = 1, .b = 0, .winner = Winner::kTieB},
                                    {.id = "5", .a = 1, .b = 0, .winner = Winner::kMissing}};
  const auto all = standings(battles, 2);
  // The first won one, lost one, and both ties lean to it.
  EXPECT_EQ(all[0].battles, 4U);
  EXPECT_EQ(all[0].missing, 1U);
  EXPECT_DOUBLE_EQ(all[0].forced, 0.75);
  EXPECT_DOUBLE_EQ(all[0].without_ties, 0.5);
  EXPECT_DOUBLE_EQ(all[0].ties_lost, 0.25);
  EXPECT_DOUBLE_EQ(all[0].ties_half, 0.5);
  EXPECT_DOUBLE_EQ(all[1].forced, 0.25);
}

}  // namespace
}  // namespace llmi::eval
