#include "eval/tradeoff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace llmi::eval {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

/// Items whose quality is `good`, at so many tokens each.
Arm arm(const std::string& name, const std::vector<double>& good, double tokens) {
  Arm arm{.name = name};
  for (std::size_t i = 0; i < good.size(); ++i)
    arm.samples.push_back({.id = std::to_string(i),
                           .measures = {{.name = "rules_reward", .sum = good[i]},
                                        {.name = "completion_tokens", .sum = tokens + static_cast<double>(i)}}});
  return arm;
}

const std::vector<Arm>& arms() {
  static const std::vector<Arm> kArms{arm("0", {0.1, 0.5, 0.2, 0.4}, 100), arm("4:select", {0.6, 1.0, 0.7, 0.9}, 400)};
  return kArms;
}

TEST(Tradeoff, ArmsAreComparedWithTheFirstByPairs) {
  const auto rows = compare_arms(arms(), 1);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].against_first.empty());
  const Json json = Json::parse(tradeoff_json(rows));
  EXPECT_EQ(json["quality"], "rules_reward");
  EXPECT_EQ(json["settings"][1]["scale"], "4:select");
  const Json& measure = json["settings"][1]["measures"]["rules_reward"];
  EXPECT_DOUBLE_EQ(measure["value"].get<double>(), 0.8);
  EXPECT_EQ(measure["samples"], 4);
  // Every pair differs by one half: the difference is certain, though the values spread.
  EXPECT_NEAR(measure["against_first"]["difference"].get<double>(), 0.5, 1e-12);
  EXPECT_NEAR(measure["against_first"]["low"].get<double>(), 0.5, 1e-12);
  EXPECT_NEAR(measure["against_first"]["high"].get<double>(), 0.5, 1e-12);
  EXPECT_FALSE(json["settings"][0]["measures"]["rules_reward"].contains("against_first"));
}

TEST(Tradeoff, TablesStarWhatIsCertain) {
  const auto rows = compare_arms(arms(), 1);
  const std::string table = tradeoff_table(rows);
  EXPECT_THAT(table, HasSubstr("0.800 *"));
  // Columns stand below their names, however long these are.
  const auto wide = compare_arms(std::vector<Arm>{arm("4:candidates+validate+select", {1}, 1)}, 1);
  EXPECT_THAT(tradeoff_table(wide), HasSubstr("4:candidates+validate+select\nrules_reward"));
  EXPECT_THAT(tradeoff_table(wide), HasSubstr("                     1.000  \n"));
  EXPECT_THAT(table, HasSubstr("0.300  "));
  EXPECT_THAT(tradeoff_html(rows, "scaling.svg"), HasSubstr("+0.500 [+0.500, +0.500] *"));
  EXPECT_THAT(tradeoff_html(rows, "scaling.svg"), HasSubstr("<img src=\"scaling.svg\""));
  EXPECT_THAT(tradeoff_html(rows, ""), testing::Not(HasSubstr("<img")));
}

TEST(Tradeoff, MarksOfAJudgeStandForQualityWhereThereAreSome) {
  std::vector<Arm> judged = arms();
  for (Arm& arm : judged) arm.samples[0].measures.push_back({.name = "score", .sum = 0.5});
  EXPECT_EQ(quality_of(compare_arms(judged, 1)), "score");
  for (Arm& arm : judged) arm.samples[0].measures.back().missing = true;
  EXPECT_EQ(quality_of(compare_arms(judged, 1)), "rules_reward");
}

TEST(Tradeoff, ThePlotHoldsThePointsItNames) {
  const auto plot = tradeoff_plot(compare_arms(arms(), 1));
  ASSERT_TRUE(plot);
  // Tokens alone were measured: no panel for seconds or cost.
  EXPECT_THAT(*plot, HasSubstr(R"(panels = [["tokens written",[["0",101.5,)"));
  EXPECT_THAT(*plot, testing::Not(HasSubstr("seconds")));
  EXPECT_FALSE(tradeoff_plot(compare_arms(std::vector<Arm>{{.name = "0"}}, 1)));
}

}  // namespace
}  // namespace llmi::eval
