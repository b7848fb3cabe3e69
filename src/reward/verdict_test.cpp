#include "reward/verdict.h"

#include <gtest/gtest.h>

#include <string>

namespace llmi::reward {
namespace {

std::string text(std::string_view reply) {
  const TextVerdict verdict = read_text_verdict(reply);
  const auto mark = [](std::optional<int> value) { return value ? std::to_string(*value) : "-"; };
  return mark(verdict.text) + mark(verdict.image);
}

std::string pictures(std::string_view reply) {
  const PictureVerdict verdict = read_picture_verdict(reply);
  const auto mark = [](std::optional<int> value) { return value ? std::to_string(*value) : "-"; };
  return mark(verdict.image_quality) + mark(verdict.task_relevance) + mark(verdict.text_image_relevance);
}

TEST(Verdict, JsonAndLines) {
  EXPECT_EQ(text(R"({"text": 4, "image": 3, "reason": "good"})"), "43");
  EXPECT_EQ(text("```json\n{\"reason\": \"a {brace}\", \"text\": 4, \"image\": \"3\"}\n```"), "43");
  EXPECT_EQ(text("Text: 4\nImage: 3"), "43");
  EXPECT_EQ(text("- **Text:** 4\n- **Image**: 3\n"), "43");
  EXPECT_EQ(text("TEXT : 2\nimage:5"), "25");
  EXPECT_EQ(text(R"({"verdict": {"text": 4.0, "image": 3}})"), "43");
  EXPECT_EQ(pictures(R"({"image_quality":1,"task_relevance":2,"text_image_relevance":3})"), "123");
  EXPECT_EQ(pictures("Image Quality: 1\nTask Relevance: 2\nText-Image Relevance: 3\n"), "123");
}

TEST(Verdict, OnlyMarksFromOneToFive) {
  EXPECT_EQ(text(R"({"text": 6, "image": 0})"), "--");
  EXPECT_EQ(text(R"({"text": 3.5, "image": 4})"), "-4");
  EXPECT_EQ(text(R"({"text": null, "image": 4})"), "-4");
  EXPECT_EQ(text(R"({"text": 4})"), "4-");
  EXPECT_EQ(text("Text: 45\nImage: -1"), "--");
  EXPECT_EQ(text("Text: good\nImage: 4"), "-4");
  EXPECT_EQ(text(""), "--");
  EXPECT_EQ(text("I will not judge this."), "--");
  EXPECT_EQ(text("The text: 4 of 5"), "--");
}

TEST(Verdict, TheLastOneCountsAndThoughtsDoNot) {
  EXPECT_EQ(text(R"({"text": 1, "image": 1} on second thought {"text": 4, "image": 3})"), "43");
  EXPECT_EQ(text("Text: 1\nImage: 1\nNo:\nText: 4\nImage: 3"), "43");
  EXPECT_EQ(text("<think>{\"text\": 1, \"image\": 1}</think>{\"text\": 4, \"image\": 3}"), "43");
  EXPECT_EQ(text("maybe {\"text\": 1, \"image\": 1}</think>{\"text\": 4, \"image\": 3}"), "43");
  EXPECT_EQ(text("{\"text\": 4, \"image\": 3}<think>{\"text\": 1, \"image\": 1}"), "43");
  EXPECT_EQ(text("Text: 1\nImage: 1\n{\"text\": 4, \"image\": 3}"), "43");
  EXPECT_EQ(text("{\"text\": 1, \"image\": 1}\nText: 4\nImage: 3"), "43");
  EXPECT_EQ(text("<think>no end {\"text\": 5, \"image\": 5}"), "--");
}

TEST(Verdict, WhatAReasonQuotesIsNoVerdict) {
  EXPECT_EQ(text(R"({"text": 2, "image": 2, "reason": "it says {\"text\": 5, \"image\": 5}"})"), "22");
  EXPECT_EQ(text(R"({"text": 2, "image": 2, "reason": "it says {'text': 5}", "quote": {"text": 5, "image": 5}})"),
            "22");
}

TEST(Verdict, NeedsPictures) {
  EXPECT_EQ(read_text_verdict(R"({"text": 2, "image": 2, "needs_pictures": true})").needs_pictures, true);
  EXPECT_EQ(read_text_verdict(R"({"text": 2, "image": 2, "needs_pictures": "yes"})").needs_pictures, std::nullopt);
  EXPECT_EQ(read_text_verdict("Text: 2\nImage: 2").needs_pictures, std::nullopt);
}

TEST(Verdict, LongRepliesEndInTime) {
  std::string deep(200'000, '{');
  EXPECT_EQ(text(deep), "--");
  EXPECT_EQ(text(std::string(100'000, 't') + "text" + std::string(100'000, ':')), "--");
}

}  // namespace
}  // namespace llmi::reward
