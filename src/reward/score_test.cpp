#include "reward/score.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "reward/score_json.h"
#include "reward/strict.h"

namespace llmi::reward {
namespace {

JudgeRecord said(std::string reply, JudgeStatus status = JudgeStatus::kOk) {
  return {.part = JudgeRecord::Part::kAsked, .reply = {.status = status, .reply = std::move(reply), .model = "m"}};
}
JudgeRecord rule() { return {.part = JudgeRecord::Part::kRule}; }
JudgeRecord down() { return said("", JudgeStatus::kUnavailable); }

const char* const kText43 = R"({"text": 4, "image": 3})";
const char* const kPictures454 = R"({"image_quality": 4, "task_relevance": 5, "text_image_relevance": 4})";

/// An answer to a prompt that wants two pictures, search and a plot, and has them.
Facts honest() {
  return {.image_num = 2,
          .tags = 2,
          .valid = 2,
          .ready = 2,
          .distinct = 2,
          .characters = 2000,
          .required = {tag::Source::kSearch, tag::Source::kCode},
          .used = {ToolUse{1, 1}, ToolUse{}, ToolUse{1, 1}, ToolUse{}}};
}

double value(const Score& score, std::string_view name) {
  for (const auto& [key, value] : score.components)
    if (key == name) return value.value_or(-1);
  return -2;
}

TEST(PaperScore, TheFormula) {
  const Score score = evaluate(honest(), said(kText43), said(kPictures454), Variant::kPaper);
  EXPECT_EQ(score.status, ScoreStatus::kOk);
  EXPECT_NEAR(*score.score, 0.2 + 0.3 * 5 / 6 + 0.5 * 0.675, 1e-12);
  EXPECT_EQ(score.components.size(), 3U);
}

TEST(PaperScore, WhatCannotBeReadCountsOneMarkByMark) {
  const Score score = evaluate(honest(), said(R"({"text": 4, "image": 9})", JudgeStatus::kUnreadable),
                               said("no", JudgeStatus::kUnreadable), Variant::kPaper);
  EXPECT_EQ(score.status, ScoreStatus::kOk);
  EXPECT_EQ(score.marks.text, 4);
  EXPECT_EQ(score.marks.image, 1);
  EXPECT_EQ(score.marks.task_relevance, 1);
  EXPECT_NEAR(*score.score, 0.2 + 0.5 * ((1.4 * 4 + 0.6) / 2 - 1) / 4, 1e-12);
}

TEST(PaperScore, NoPicturesIsTheSafeOptimum) {
  Facts facts = honest();
  facts.image_num = kAnyPictures;
  facts.tags = facts.valid = facts.ready = facts.distinct = 0;
  facts.used = {};
  const Score score = evaluate(facts, said(R"({"text": 5, "image": 2})"), rule(), Variant::kPaper);
  EXPECT_EQ(score.marks.image, 5);
  EXPECT_EQ(score.marks.image_quality, 5);
  EXPECT_NEAR(*score.score, 1, 1e-12);
  // … which strict takes away, whoever says that pictures are needed.
  facts.needs_pictures = true;
  EXPECT_LT(*evaluate(facts, said(R"({"text": 5, "image": 5})"), rule(), Variant::kStrict).score, 0.3);
  facts.needs_pictures = std::nullopt;
  EXPECT_LT(
      *evaluate(facts, said(R"({"text": 5, "image": 5, "needs_pictures": true})"), rule(), Variant::kStrict).score,
      0.3);
}

TEST(PaperScore, RulesForMarks) {
  Facts many = honest();
  many.tags = many.valid = many.ready = many.distinct = 11;
  EXPECT_TRUE(rule_decides_pictures(many));
  EXPECT_EQ(evaluate(many, said(kText43), rule(), Variant::kPaper).marks.image_quality, 1);
  Facts only_tags = honest();
  only_tags.no_text = true;
  EXPECT_TRUE(rule_decides_text(only_tags));
  const Score score = evaluate(only_tags, rule(), said(kPictures454), Variant::kPaper);
  EXPECT_EQ(score.marks.text, 1);
  EXPECT_NEAR(*score.score, 0.2 + 0.3 * 5 / 6, 1e-12);
}

TEST(Score, AnOutageIsNeverAScore) {
  for (const Variant variant : {Variant::kPaper, Variant::kStrict}) {
    const Score degraded = evaluate(honest(), said(kText43), down(), variant);
    EXPECT_EQ(degraded.status, ScoreStatus::kDegraded);
    EXPECT_FALSE(degraded.score.has_value());
    EXPECT_NEAR(value(degraded, "llm"), 0.675, 1e-12);
    EXPECT_EQ(value(degraded, "mllm"), -1);
    EXPECT_EQ(degraded.error->code, "judge_unavailable");
    const Score unavailable = evaluate(honest(), down(), down(), variant);
    EXPECT_EQ(unavailable.status, ScoreStatus::kUnavailable);
    EXPECT_FALSE(unavailable.score.has_value());
    EXPECT_NEAR(value(unavailable, "count"), 1, 1e-12);
    Facts without = honest();
    without.ready = without.distinct = 0;
    EXPECT_EQ(evaluate(without, down(), rule(), variant).status, ScoreStatus::kUnavailable);
  }
}

TEST(Score, StrictTakesNoUnreadableReplies) {
  const Score score =
      evaluate(honest(), said(R"({"text": 4})", JudgeStatus::kUnreadable), said(kPictures454), Variant::kStrict);
  EXPECT_EQ(score.status, ScoreStatus::kDegraded);
  EXPECT_EQ(score.error->code, "judge_unreadable");
  EXPECT_FALSE(score.score.has_value());
}

TEST(Score, RulesOnly) {
  EXPECT_EQ(*evaluate(honest(), {}, {}, Variant::kPaper).score, 1);
  const Score strict = evaluate(honest(), {}, {}, Variant::kStrict);
  EXPECT_EQ(strict.status, ScoreStatus::kRulesOnly);
  EXPECT_NEAR(*strict.score, 1, 1e-12);
  EXPECT_FALSE(strict.marks.text.has_value());
}

TEST(StrictScore, CheatsLoseAgainstAnHonestAnswer) {
  const double fair = *evaluate(honest(), said(kText43), said(kPictures454), Variant::kStrict).score;
  const auto cheat = [&](const auto& change) {
    Facts facts = honest();
    change(facts);
    // The judges are taken in by all of it.
    return *evaluate(facts, said(R"({"text": 5, "image": 5})"),
                     said(R"({"image_quality": 5, "task_relevance": 5, "text_image_relevance": 5})"), Variant::kStrict)
                .score;
  };
  EXPECT_LT(cheat([](Facts& facts) { facts.distinct = 1; }), fair) << "one picture repeated";
  EXPECT_LT(cheat([](Facts& facts) { facts.addresses_judge = true; }), fair) << "speaks to the judge";
  EXPECT_LT(cheat([](Facts& facts) { facts.characters = 200'000; }), fair) << "enormous";
  EXPECT_LT(cheat([](Facts& facts) { facts.tags = facts.valid = facts.ready = facts.distinct = 20; }), fair)
      << "tag spam";
  EXPECT_LT(cheat([](Facts& facts) {
              facts.tags = 6;
              facts.valid = 2;
            }),
            fair)
      << "invalid tags";
  // Wrong tools are seen by the rule even where both judges see no difference.
  Facts wrong = honest();
  wrong.used = {ToolUse{}, ToolUse{2, 2}, ToolUse{}, ToolUse{}};
  EXPECT_LT(*evaluate(wrong, said(kText43), said(kPictures454), Variant::kStrict).score, fair);
}

TEST(StrictScore, WhereNobodyKnowsWhetherPicturesAreNeeded) {
  Facts facts{.image_num = kAnyPictures, .characters = 500};
  const Score score = evaluate(facts, said(R"({"text": 4, "image": 5})"), rule(), Variant::kStrict);
  EXPECT_EQ(value(score, "mllm"), 0.5);
  EXPECT_EQ(score.marks.image, 3);
  facts.needs_pictures = false;
  const Score needless = evaluate(facts, said(R"({"text": 4, "image": 5})"), rule(), Variant::kStrict);
  EXPECT_EQ(value(needless, "mllm"), 1);
  EXPECT_GT(*needless.score, *score.score);
}

Facts any_facts() {
  using rc::gen::inRange;
  Facts facts{.image_num = *rc::gen::element(-1, 0, 99, 1, 3), .characters = *inRange<std::size_t>(0, 100'000)};
  facts.tags = *inRange<std::size_t>(0, 15);
  facts.valid = *inRange<std::size_t>(0, facts.tags + 1);
  facts.ready = *inRange<std::size_t>(0, facts.valid + 1);
  facts.distinct = facts.ready == 0 ? 0 : *inRange<std::size_t>(1, facts.ready + 1);
  facts.no_text = *rc::gen::arbitrary<bool>();
  facts.addresses_judge = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) facts.needs_pictures = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) facts.required = {tag::Source::kCode, tag::Source::kEdit};
  facts.used[0] = {facts.valid, facts.ready};
  facts.split = *rc::gen::element(Split::kTrain, Split::kTest);
  return facts;
}

JudgeRecord text_judge(const Facts& facts, int text, int image) {
  if (rule_decides_text(facts)) return rule();
  return said(nlohmann::json{{"text", text}, {"image", image}}.dump());
}
JudgeRecord picture_judge(const Facts& facts, int mark) {
  if (rule_decides_pictures(facts)) return rule();
  return said(nlohmann::json{{"image_quality", mark}, {"task_relevance", mark}, {"text_image_relevance", mark}}.dump());
}

RC_GTEST_PROP(Score, LiesBetweenZeroAndOneAndIsTheSameAgain, ()) {
  const Facts facts = any_facts();
  const Variant variant = *rc::gen::element(Variant::kPaper, Variant::kStrict);
  const int text = *rc::gen::inRange(1, 6);
  const int picture = *rc::gen::inRange(1, 6);
  const Score score = evaluate(facts, text_judge(facts, text, picture), picture_judge(facts, picture), variant);
  RC_ASSERT(score.status == ScoreStatus::kOk);
  RC_ASSERT(*score.score >= 0 && *score.score <= 1);
  for (const auto& [name, value] : score.components) RC_ASSERT(!value || (*value >= 0 && *value <= 1));
  const auto again = reverified(nlohmann::json::parse(to_json(score).dump()), std::nullopt);
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->dump() == to_json(score).dump());
}

RC_GTEST_PROP(Score, BetterMarksNeverGiveLess, ()) {
  const Facts facts = any_facts();
  const Variant variant = *rc::gen::element(Variant::kPaper, Variant::kStrict);
  const int low = *rc::gen::inRange(1, 5);
  const auto with = [&](int text, int picture) {
    return *evaluate(facts, text_judge(facts, text, text), picture_judge(facts, picture), variant).score;
  };
  RC_ASSERT(with(low + 1, low) >= with(low, low));
  RC_ASSERT(with(low, low + 1) >= with(low, low));
}

TEST(Score, AnotherVariantFromTheSameReplies) {
  const Score paper = evaluate(honest(), said(kText43), said(kPictures454), Variant::kPaper);
  const Score strict = evaluate(honest(), said(kText43), said(kPictures454), Variant::kStrict);
  const auto again = reverified(nlohmann::json::parse(to_json(paper).dump()), Variant::kStrict);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(again->dump(), to_json(strict).dump());
}

TEST(Score, ReverifyNamesTheField) {
  nlohmann::json row = nlohmann::json::parse(to_json(evaluate(honest(), {}, {}, Variant::kPaper)).dump());
  row["facts"].erase("ready");
  const auto again = reverified(row, std::nullopt);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().message, "facts.ready: must be a count");
}

}  // namespace
}  // namespace llmi::reward
