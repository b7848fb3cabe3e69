#include <gtest/gtest.h>

#include "scaling/enhancing_tool.h"
#include "scaling/picture_chooser.h"
#include "scaling/pinned_tool.h"
#include "scaling/scaling_test_stage.h"
#include "scaling/seeing_chooser.h"

namespace llmi::scaling {
namespace {

tools::Request searching(const std::string& query) { return {.tag = {"A red fox", tag::SearchParams{query}}}; }
tools::Request painting(const std::string& prompt) { return {.tag = {"A red fox", tag::DiffusionParams{prompt}}}; }

std::string title_of(const tools::Outcome& outcome) { return outcome.made()->provenance.title; }

TEST(EnhancingTool, TakesTheFoundPictureWhoseTitleFits) {
  PlainTool search(tag::Source::kSearch);
  search.titles = {"a wolf", "a fox", "the red fox at home"};
  TitleChooser chooser;
  EXPECT_EQ(title_of(EnhancingTool(search, chooser, 3).run({}, searching("fox"))), "the red fox at home");
  EXPECT_EQ(title_of(EnhancingTool(search, chooser, 2).run({}, searching("fox"))), "a fox");
}

TEST(EnhancingTool, TheBetterRankDecidesBetweenTitlesThatFitAlike) {
  PlainTool search(tag::Source::kSearch);
  search.titles = {"fox", "Fox", "foxes"};
  TitleChooser chooser;
  EXPECT_EQ(title_of(EnhancingTool(search, chooser, 3).run({}, searching("fox"))), "fox");
}

TEST(EnhancingTool, PaintsOnceWhereNobodyCanChoose) {
  PlainTool painter(tag::Source::kDiffusion);
  TitleChooser chooser;
  EXPECT_TRUE(EnhancingTool(painter, chooser, 3).run({}, painting("a fox")).made());
  EXPECT_EQ(painter.called.size(), 1U);
}

TEST(EnhancingTool, TriesAgainWhatFailed) {
  PlainTool edit(tag::Source::kEdit);
  TitleChooser chooser;
  EnhancingTool tool(edit, chooser, 3);
  EXPECT_TRUE(tool.run({}, {.tag = {"x", tag::EditParams{0, "shaky"}}}).made());
  EXPECT_EQ(edit.called.size(), 2U);
  EXPECT_TRUE(tool.run({}, {.tag = {"x", tag::EditParams{0, "broken"}}}).fault());
  EXPECT_EQ(edit.called.size(), 5U);
}

TEST(EnhancingTool, AFailedProgramIsLeftToTheModel) {
  PlainTool code(tag::Source::kCode);
  TitleChooser chooser;
  EXPECT_TRUE(EnhancingTool(code, chooser, 3).run({}, {.tag = {"x", tag::CodeParams{"broken"}}}).fault());
  EXPECT_EQ(code.called.size(), 1U);
}

TEST(SeeingChooser, AgreesWithItselfInBothOrders) {
  PlainTool painter(tag::Source::kDiffusion);
  std::size_t asked = 0;
  // Likes the second of three: in reverse order that is the second again.
  ReplyingModel likes_second([&](std::uint64_t, const lm::GenerateRequest& request) {
    EXPECT_EQ(request.messages.back().pictures.size(), 3U);
    ++asked;
    return std::string("Picture 2.");
  });
  SeeingChooser chooser(asking(likes_second), "Foxes");
  const auto chosen = EnhancingTool(painter, chooser, 3).run({.seed = 4}, painting("a fox"));
  EXPECT_TRUE(chosen.made()->picture.bytes.ends_with(" 1")) << chosen.made()->picture.bytes;
  EXPECT_EQ(asked, 2U);
}

TEST(SeeingChooser, AModelThatFollowsTheOrderChangesNothing) {
  PlainTool painter(tag::Source::kDiffusion);
  ReplyingModel likes_last([](std::uint64_t, const auto&) { return std::string("3"); });
  SeeingChooser chooser(asking(likes_last), "Foxes");
  const auto chosen = EnhancingTool(painter, chooser, 3).run({}, painting("a fox"));
  EXPECT_TRUE(chosen.made()->picture.bytes.ends_with(" 0"));
}

TEST(SeeingChooser, WithoutAReadableAnswerTheTitleDecides) {
  PlainTool search(tag::Source::kSearch);
  search.titles = {"a wolf", "a red fox"};
  ReplyingModel model([](std::uint64_t, const auto&) { return std::string("number 7, I think"); });
  SeeingChooser chooser(asking(model), "Foxes");
  EXPECT_EQ(title_of(EnhancingTool(search, chooser, 2).run({}, searching("fox"))), "a red fox");
}

TEST(PinnedTool, GivesEachPictureOnceWhateverTheDescription) {
  PlainTool search(tag::Source::kSearch);
  PinnedTool tool(search);
  tool.pin(searching("fox"), {.picture = {.bytes = "first"}});
  tool.pin(searching("fox"), {.picture = {.bytes = "second"}});
  tools::Request renamed = searching("fox");
  renamed.tag.description = "Another name";
  EXPECT_EQ(tool.run({}, renamed).made()->picture.bytes, "first");
  EXPECT_EQ(tool.run({}, searching("fox")).made()->picture.bytes, "second");
  EXPECT_TRUE(search.called.empty());
  EXPECT_TRUE(tool.run({}, searching("wolf")).made());
  EXPECT_EQ(search.called.size(), 1U);
}

}  // namespace
}  // namespace llmi::scaling
