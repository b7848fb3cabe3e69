#include "agent/guided/figure_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lexicon/lexicon.h"

namespace llmi::agent {
namespace {

using tag::Source;

const lexicon::Lexicon& the_lexicon() {
  static const lexicon::Lexicon kLexicon = lexicon::Lexicon::open().value();
  return kLexicon;
}

/// Finds a picture, titled with an article, of each of these.
FindPictures only(std::vector<std::string> things) {
  return [things = std::move(things)](std::string_view query) {
    std::vector<std::string> titles;
    for (const std::string& thing : things) {
      if (query.find(thing) != std::string_view::npos) titles.push_back("A " + thing + ".");
    }
    return titles;
  };
}

std::vector<PlannedFigure> plan(const std::string& prompt, std::optional<std::size_t> count, FindPictures find,
                                std::vector<Source> tools = {Source::kSearch, Source::kCode, Source::kEdit}) {
  const PromptFacts facts = read_prompt(prompt);
  const Subject subject = find_subject(&the_lexicon(), facts.topic, facts.things);
  return plan_figures({.facts = &facts,
                       .subject = &subject,
                       .exactly = count,
                       .tools = std::move(tools),
                       .lexicon = &the_lexicon(),
                       .find = std::move(find)});
}

std::vector<Role> roles(const std::vector<PlannedFigure>& figures) {
  std::vector<Role> all;
  for (const PlannedFigure& figure : figures) all.push_back(figure.role);
  return all;
}

TEST(FigurePlanTest, ShowsWhatIsNamedAndFound) {
  const auto figures = plan("Write about apples, pears and gravity", 2, only({"apple", "pear"}));
  EXPECT_THAT(roles(figures), testing::ElementsAre(Role::kSubject, Role::kThing));
  EXPECT_EQ(std::get<tag::SearchParams>(figures[1].tag.params).query, "pears");
}

TEST(FigurePlanTest, NeverShowsSomethingElse) {
  const auto misleading = [](std::string_view) { return std::vector<std::string>{"A washing machine."}; };
  for (const PlannedFigure& figure : plan("Volcanoes", std::nullopt, misleading))
    EXPECT_NE(figure.tag.source(), Source::kSearch);
}

TEST(FigurePlanTest, OnlyNounsAreShown) {
  for (const PlannedFigure& figure : plan("How electricity is made quickly", std::nullopt, only({"made", "quickly"})))
    EXPECT_NE(figure.tag.source(), Source::kSearch);
}

TEST(FigurePlanTest, GivenNumbersArePlotted) {
  const auto figures = plan("Power: coal 35%, gas 23%", 1, only({"coal", "gas"}));
  ASSERT_THAT(roles(figures), testing::ElementsAre(Role::kData));
  EXPECT_THAT(std::get<tag::CodeParams>(figures[0].tag.params).code,
              testing::HasSubstr("labels = ['Coal', 'Gas']\nvalues = [35, 23]\n"));
}

TEST(FigurePlanTest, EditsComeAfterWhatTheyChange) {
  const auto figures = plan("A page about dogs, with a dog in black and white", 2, only({"dog"}));
  ASSERT_THAT(roles(figures), testing::ElementsAre(Role::kSubject, Role::kEdit));
  EXPECT_EQ(std::get<tag::EditParams>(figures[1].tag.params).img_index, 0U);
}

TEST(FigurePlanTest, TitlesThatSayTheSameBringOnePicture) {
  const auto lighthouses = [](std::string_view query) -> std::vector<std::string> {
    if (query.find("ighthouse") == std::string_view::npos) return {};
    if (query == "Lighthouse at night") return {"Lighthouse at night.", "Lighthouse", "lighthouse", "A lighthouse."};
    return {"Lighthouse", "lighthouse", "A lighthouse.", "Lighthouse at night."};
  };
  std::vector<std::string> brought;
  for (const PlannedFigure& figure : plan("A guide to lighthouses", 6, lighthouses)) {
    if (figure.tag.source() != Source::kSearch) continue;
    brought.push_back(lighthouses(std::get<tag::SearchParams>(figure.tag.params).query).front());
  }
  EXPECT_THAT(brought, testing::ElementsAre("Lighthouse", "Lighthouse at night."));
}

TEST(FigurePlanTest, ReachesAnyNumber) {
  for (const char* prompt : {"Volcanoes", "Cats", "A story about a fox", "xqzzy", "coal 3, gas 4", "Ein Elefant"}) {
    for (const std::size_t count : {0U, 1U, 2U, 3U, 7U, 30U})
      EXPECT_EQ(plan(prompt, count, only({"fox", "cat"})).size(), count) << prompt;
  }
}

TEST(FigurePlanTest, UsesOnlyWhatIsOffered) {
  for (const Source source : {Source::kSearch, Source::kCode}) {
    for (const PlannedFigure& figure :
         plan("Volcanoes in black and white, with a chart", 4, only({"volcano"}), {source}))
      EXPECT_EQ(figure.tag.source(), source);
  }
}

TEST(FigurePlanTest, FreeNumberStopsWhereNothingFits) {
  EXPECT_THAT(plan("xqzzy", std::nullopt, only({})), testing::IsEmpty());
  EXPECT_THAT(roles(plan("Bees", std::nullopt, only({"bee"}))), testing::ElementsAre(Role::kSubject, Role::kKinds));
}

}  // namespace
}  // namespace llmi::agent
