#include "scaling/polish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llmi::scaling {
namespace {

using testing::HasSubstr;

const tag::Tag kFox{"A fox", tag::SearchParams{"fox"}};
const tag::Tag kGrey{"A grey fox", tag::EditParams{0, "grey"}};

/// Two figures, the second one failed where `fault` says so.
Version two_figures(std::optional<Fault> fault = {}) {
  Version version{.made = true};
  version.document.answer = "# Foxes\n\nThey are red.\n\n" + tag::print(kFox) + "\n\n" + tag::print(kGrey);
  document::ReadyFigure ready;
  ready.provenance.tool = "search";
  ready.provenance.title = "red fox";
  version.document.blocks.emplace_back(document::TextBlock{"# Foxes\n\nThey are red.\n"});
  version.document.blocks.emplace_back(document::FigureBlock{.index = 0, .call = kFox, .outcome = ready});
  document::FigureBlock second{.index = 1, .call = kGrey, .outcome = ready};
  if (fault) second.outcome = *fault;
  version.document.blocks.emplace_back(std::move(second));
  return version;
}

std::string objection_to(const std::string& reply) {
  const auto answer = polished_answer(reply, two_figures());
  return answer ? "" : answer.error();
}

TEST(Polish, FiguresKeepTheirCallsAndMayGetNewDescriptions) {
  const auto answer = polished_answer(
      "<think>hm</think># Foxes\n\nRed ones. [[figure 1: A red fox in snow]]\n\n[[figure 2]]\n", two_figures());
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(*answer, "# Foxes\n\nRed ones. \n\n" + tag::print({"A red fox in snow", kFox.params}) + "\n\n" +
                         tag::print(kGrey) + "\n");
}

TEST(Polish, ANewTagMayStandInAFiguresPlace) {
  const tag::Tag wolf{"A wolf", tag::SearchParams{"wolf"}};
  const auto answer = polished_answer("Text.\n\n[[figure 1]]\n\n" + tag::print(wolf), two_figures());
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(*answer, "Text.\n\n" + tag::print(kFox) + "\n\n" + tag::print(wolf));
}

TEST(Polish, NoFigureIsLostMovedOrAdded) {
  EXPECT_EQ(objection_to("Text.\n\n[[figure 1]]\n"), "it has 1 figures of 2");
  EXPECT_EQ(objection_to("[[figure 2]]\n\n[[figure 1]]\n"), "figure 1 does not stand in its place");
  EXPECT_EQ(objection_to("[[figure 1]]\n\n[[figure 1]]\n"), "figure 2 does not stand in its place");
  EXPECT_EQ(objection_to("[[figure 1]]\n\n[[figure 2]]\n\n[[figure 3]]\n"), "figure 3 does not stand in its place");
  EXPECT_EQ(objection_to("[[figure 1]]\n\n[[figure 2]]\n\n" + tag::print(kFox)), "it has 3 figures of 2");
  EXPECT_EQ(objection_to("[[figure one]]"), "figure 1 does not stand in its place");
  EXPECT_THAT(objection_to("[[figure 1]]\n\n<imgen>{nonsense}</imgen>"), HasSubstr("cannot be read"));
  EXPECT_THAT(objection_to("[[figure 1: and on"), HasSubstr("unfinished"));
}

TEST(Polish, AnUnreadableTagCannotBeKept) {
  Version version = two_figures(Fault{Stage::kParse, "no tag"});
  std::get<document::FigureBlock>(version.document.blocks.back()).call.reset();
  EXPECT_FALSE(polished_answer("[[figure 1]]\n\n[[figure 2]]", version));
  EXPECT_TRUE(polished_answer("[[figure 1]]\n\n" + tag::print(kFox), version));
}

TEST(Polish, TheModelIsShownTextMarksAndWhatCameOfThem) {
  agent::Task task;
  task.prompt = "All about foxes";
  const auto request =
      polish_request(task, {tag::Source::kSearch}, two_figures(Fault{Stage::kTool, "no parent"}), false);
  const std::string& text = request.messages.back().text;
  EXPECT_THAT(text, HasSubstr("All about foxes"));
  EXPECT_THAT(text, HasSubstr("They are red.\n\n[[figure 1: A fox]]\n\n[[figure 2: A grey fox]]"));
  EXPECT_THAT(text, HasSubstr("figure 1: made by search, titled \"red fox\""));
  EXPECT_THAT(text, HasSubstr("figure 2: could not be made: no parent"));
  EXPECT_TRUE(request.messages.back().pictures.empty());
}

}  // namespace
}  // namespace llmi::scaling
