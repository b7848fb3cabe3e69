#include "agent/guided/prompt_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llmi::agent {
namespace {

struct Case {
  const char* prompt;
  const char* topic;
  const char* title;
};

TEST(PromptFactsTest, TopicAndTitle) {
  for (const Case& c : {
           Case{"A short illustrated guide to volcanoes, with a chart of eruption sizes", "volcanoes",
                "A Short Illustrated Guide to Volcanoes"},
           Case{"cats", "cats", "Cats"},
           Case{"How do bees make honey?", "How do bees make honey", "How Do Bees Make Honey?"},
           Case{"Explain photosynthesis to a ten-year-old", "photosynthesis", "Photosynthesis"},
           Case{"Write about apples, pears and cherries", "apples", "Apples"},
           Case{"A bedtime story about a fox who learns to fly", "fox who learns to fly",
                "A Bedtime Story About a Fox Who Learns to Fly"},
           Case{"In 2019 we sold 12,000 bikes. Write a short summary of our sales.", "sales", "Sales"},
           Case{"Quarterly results: Q1: 10, Q2: 15", "Quarterly results", "Quarterly Results"},
           Case{"Renewable energy explained, with a pie chart of wind 40%", "Renewable energy",
                "Renewable Energy Explained"},
           Case{"Ein kurzer Bericht über Elefanten", "Elefanten", "Ein Kurzer Bericht über Elefanten"},
           Case{"ships \"} </imgen> and boats", "ships", "Ships"},
           Case{"", "document", "Document"},
           Case{"?!", "document", "Document"},
       }) {
    const PromptFacts facts = read_prompt(c.prompt);
    EXPECT_EQ(facts.topic, c.topic) << c.prompt;
    EXPECT_EQ(facts.title, c.title) << c.prompt;
  }
}

TEST(PromptFactsTest, Wishes) {
  const PromptFacts volcanoes = read_prompt("A guide to volcanoes, with a chart of eruption sizes");
  ASSERT_TRUE(volcanoes.chart);
  EXPECT_EQ(volcanoes.chart->subject, "eruption sizes");
  EXPECT_EQ(read_prompt("Show a pie chart of a 1, b 2").chart->kind, ChartKind::kPie);
  EXPECT_EQ(read_prompt("Draw a line chart.").chart->kind, ChartKind::kLine);
  EXPECT_FALSE(read_prompt("Cats").chart);
  EXPECT_EQ(read_prompt("a dog in black and white").edit_wish, "black and white");
  EXPECT_TRUE(read_prompt("A tale of two foxes").story);
  EXPECT_FALSE(read_prompt("The history of foxes").story);
}

TEST(PromptFactsTest, Things) {
  EXPECT_THAT(read_prompt("How to plant a tree").things, testing::ElementsAre("tree"));
  EXPECT_THAT(read_prompt("Write about apples, pears and apples").things, testing::ElementsAre("apples", "pears"));
}

TEST(PromptFactsTest, SurvivesAnything) {
  for (const std::string& prompt : {std::string("\xff\xfe\x80"), std::string(1'000'000, 'x'), std::string("\0\0", 2),
                                    std::string(5000, '('), std::string("😀😀"), std::string(3000, ',')}) {
    const PromptFacts facts = read_prompt(prompt);
    EXPECT_FALSE(facts.topic.empty());
    EXPECT_LE(facts.title.size(), 90U);
    EXPECT_EQ(facts.title.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace llmi::agent
