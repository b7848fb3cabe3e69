#include "data/material.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/leaks.h"

namespace llmi::data {
namespace {

TEST(Material, ReadsATopic) {
  const auto topics = parse_topics(
      "# a comment\ntopic bees nature\np stamps/insects bee fly\ns I keep bees.\ns I don't.\na@2 Be kind.\n"
      "w@1 search+edit 2 A bee, and the bee again.\nw code some Charts.\nq none - Text.\nq 3 code Three.\n",
      "en");
  ASSERT_TRUE(topics) << topics.error().message;
  const Topic& topic = topics->at(0);
  EXPECT_EQ(topic.pictures,
            (std::vector<std::vector<std::string>>{{"stamps/insects/bee.png", "stamps/insects/fly.png"}}));
  EXPECT_FALSE(topic.asks[0].scope[0]);
  EXPECT_TRUE(topic.asks[0].scope[1]);
  EXPECT_EQ(print_tools(topic.wants[0].tools), "search+edit");
  EXPECT_EQ(topic.wants[0].pictures, 2);
  EXPECT_FALSE(topic.wants[1].pictures);
  EXPECT_EQ(topic.whole[0].image_num, kNoPictures);
  EXPECT_EQ(topic.whole[1].image_num, 3);
}

TEST(Material, NamesTheLineOfWhatItCannotRead) {
  for (const char* bad : {"w paint 1 A bee.", "w search 0 A bee.", "w - 1 A bee.", "q none code Text.", "x A bee.", "a",
                          "w search 1 A [bee", "a@x Be kind."}) {
    const auto topics = parse_topics(std::string("topic bees nature\n") + bad + "\n", "en");
    ASSERT_FALSE(topics) << bad;
    EXPECT_TRUE(topics.error().message.starts_with("line 2:")) << topics.error().message;
  }
  EXPECT_FALSE(parse_topics("s Before any topic.\n", "en"));
}

/// The material that is shipped.
class ShippedMaterial : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto read = read_material("prompts/data");
    ASSERT_TRUE(read) << read.error().message;
    material = std::make_unique<Material>(std::move(*read));
  }
  static void TearDownTestSuite() { material.reset(); }
  static std::unique_ptr<Material> material;
};
std::unique_ptr<Material> ShippedMaterial::material;

TEST_F(ShippedMaterial, NamesNoTool) {
  const auto clean = [](const std::string& text) { return find_leak(text, material->leaks).value_or(""); };
  for (const Language& language : material->languages) {
    for (const auto& [kind, lines] : language.voice)
      for (const std::string& line : lines) EXPECT_EQ(clean(line), "") << line;
    for (const Topic& topic : language.topics) {
      for (const std::string& line : topic.situations) EXPECT_EQ(clean(line), "") << line;
      for (const Ask& ask : topic.asks) EXPECT_EQ(clean(ask.text), "") << ask.text;
      for (const Want& want : topic.wants) EXPECT_EQ(clean(want.text), "") << want.text;
      for (const WholePrompt& whole : topic.whole) EXPECT_EQ(clean(whole.text), "") << whole.text;
    }
  }
}

TEST_F(ShippedMaterial, HasSomethingToShowForEverySituation) {
  for (const Language& language : material->languages) {
    for (const Topic& topic : language.topics) {
      for (std::size_t situation = 0; situation < topic.situations.size(); ++situation) {
        const auto fits = [situation](const Want& want) { return want.scope[situation]; };
        EXPECT_TRUE(std::ranges::any_of(topic.wants, fits))
            << language.code << " " << topic.id << ": " << topic.situations[situation];
      }
    }
  }
}

TEST_F(ShippedMaterial, EditsInTopicsWithoutInputHaveSomethingToEdit) {
  for (const Language& language : material->languages)
    for (const Topic& topic : language.topics)
      for (const Want& want : topic.wants)
        EXPECT_FALSE(topic.pictures.empty() && print_tools(want.tools) == "edit") << topic.id << ": " << want.text;
}

}  // namespace
}  // namespace llmi::data
