#include "agent/continuation.h"

#include <gtest/gtest.h>

#include <string>

namespace llmi::agent {
namespace {

constexpr std::string_view kTag =
    R"(<imgen>{"source": "search", "description": "A cat", "params": {"query": "cat"}}</imgen>)";

std::string writable(const std::string& answer) { return answer.substr(0, writable_length(answer)); }
std::string paragraphs(const std::string& answer) { return answer.substr(0, whole_paragraphs_length(answer)); }

TEST(ContinuationTest, TextStaysToItsLastCharacter) {
  for (const char* answer : {"", "# Ca", "One.\n\nTwo, thr", "1 < 2", "東", "bad \xff byte. Then"})
    EXPECT_EQ(writable(answer), answer);
  EXPECT_EQ(writable("caf\xc3"), "caf");
  EXPECT_EQ(writable("\xe6\x9d"), "");
}

TEST(ContinuationTest, WhatIsOpenGoes) {
  const std::string tag(kTag);
  EXPECT_EQ(writable("Text.\n\n<imgen>{\"source\": \"se"), "Text.\n\n");
  EXPECT_EQ(writable("Text. <img"), "Text. ");
  EXPECT_EQ(writable("Text. <"), "Text. ");
  EXPECT_EQ(writable("Text.\n\n<think>So I"), "Text.\n\n");
  EXPECT_EQ(writable("<think>So</think>Text"), "<think>So</think>Text");
  EXPECT_EQ(writable(tag + "\n\nand <imgen>{"), tag + "\n\nand ");
}

TEST(ContinuationTest, TagsThatClosedStay) {
  const std::string tag(kTag);
  for (const std::string& answer : {tag, "Text " + tag, std::string("<imgen>{oops}</imgen>"), tag + tag})
    for (const char* end : {"", " and more te", "<think>hm"}) EXPECT_EQ(paragraphs(answer + end), answer);
}

TEST(ContinuationTest, OtherwiseWholeParagraphsStay) {
  EXPECT_EQ(paragraphs("# Title\n\nOne.\n\nTwo, th"), "# Title\n\nOne.\n\n");
  EXPECT_EQ(paragraphs("One, tw"), "");
  EXPECT_EQ(paragraphs("One.\n\n<think>hm"), "One.\n\n");
  EXPECT_EQ(paragraphs(std::string(kTag) + "\n\nOne.\n\nTw"), std::string(kTag) + "\n\nOne.\n\n");
}

}  // namespace
}  // namespace llmi::agent
