#include "eval/rules_reward.h"

#include "eval/testing_answer.h"

namespace llmi::eval {
namespace {

double reward(const Item& item, const std::string& text) {
  const WrittenAnswer written(item, text);
  const auto value = rules_reward({}, item, written.get());
  EXPECT_TRUE(value) << value.error().message;
  return value.value_or(-1);
}

Item asking_for(int image_num, std::string_view tools) {
  return {.id = "1", .prompt = "Foxes", .image_num = image_num, .tools = data::parse_tools(tools)};
}

TEST(RulesReward, AWholeAnswerHasAllOfIt) {
  EXPECT_DOUBLE_EQ(reward(asking_for(1, "search"), "Foxes are red." + tag_text("search", "fox")), 1);
}

TEST(RulesReward, EveryFaultCosts) {
  const Item item = asking_for(1, "search");
  const double whole = reward(item, "Foxes are red." + tag_text("search", "fox"));
  EXPECT_LT(reward(item, "Foxes are red."), whole);
  EXPECT_LT(reward(item, "Foxes are red." + tag_text("search", "broken")), whole);
  EXPECT_LT(reward(item, "Foxes are red." + tag_text("code", "fox")), whole);
  // The same picture twice.
  EXPECT_LT(reward(asking_for(2, "search"), "Foxes." + tag_text("search", "fox") + tag_text("search", "den")), whole);
}

TEST(RulesReward, InputPicturesComeFirstInTheCount) {
  Item item = asking_for(1, "edit");
  item.images.push_back({.name = "fox.png", .bytes = DrawingTool::picture().bytes});
  EXPECT_DOUBLE_EQ(reward(item, "Redder." + tag_text("edit", "red")), 1);
}

}  // namespace
}  // namespace llmi::eval
