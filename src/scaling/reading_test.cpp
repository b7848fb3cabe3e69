#include "scaling/reading.h"

#include <gtest/gtest.h>

namespace llmi::scaling {
namespace {

document::Document text_document(const std::string& text) {
  document::Document document;
  document.blocks.emplace_back(document::TextBlock{text});
  return document;
}

Reading read(const std::string& text, const std::string& prompt = "Write a short guide to foxes and cats") {
  return read_document(text_document(text), prompt);
}

TEST(Reading, TopicIsTheShareOfThePromptsWords) {
  EXPECT_DOUBLE_EQ(read("A fox met a cat.").topic, 1);
  EXPECT_DOUBLE_EQ(read("A fox met a wolf.").topic, 0.5);
  EXPECT_DOUBLE_EQ(read("Nothing of it.").topic, 0);
  EXPECT_DOUBLE_EQ(read("Nothing of it.", "").topic, 1);
}

TEST(Reading, RepetitionIsSeen) {
  EXPECT_DOUBLE_EQ(read("one two three four five six").variety, 1);
  EXPECT_LT(read("one two three one two three one two three one two three").variety, 0.4);
}

TEST(Reading, ShapeIsTitleParagraphsAndAnEnd) {
  EXPECT_DOUBLE_EQ(read("# Foxes\n\nOne.\n\nTwo.\n").shape, 1);
  EXPECT_DOUBLE_EQ(read("Foxes are **red.**").shape, 1.0 / 3);
  EXPECT_DOUBLE_EQ(read("# Foxes\n\nOne.\n\nTwo and").shape, 2.0 / 3);
  EXPECT_DOUBLE_EQ(read("").shape, 0);
}

TEST(Reading, SubstanceGrowsUpToEnough) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "word ";
  EXPECT_DOUBLE_EQ(read(text).substance, 0.5);
  EXPECT_DOUBLE_EQ(read(text + text + text).substance, 1);
}

TEST(Reading, FiguresFitTheTextAroundThem) {
  document::Document document = text_document("The red fox sleeps.\n");
  EXPECT_DOUBLE_EQ(read_document(document, "").fit, 1);
  document.blocks.emplace_back(document::FigureBlock{.call = tag::Tag{"A red fox", tag::SearchParams{"fox"}}});
  EXPECT_DOUBLE_EQ(read_document(document, "").fit, 1);
  document.blocks.emplace_back(document::TextBlock{"More.\n"});
  document.blocks.emplace_back(document::FigureBlock{.call = tag::Tag{"A grey wolf", tag::SearchParams{"wolf"}}});
  EXPECT_DOUBLE_EQ(read_document(document, "").fit, 0.5);
}

}  // namespace
}  // namespace llmi::scaling
