#include "lexicon/lexicon.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"

namespace llmi::lexicon {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::StartsWith;

class LexiconTest : public testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> related(const std::string& noun, Relation relation) const {
    std::vector<std::string> words;
    for (const Meaning& meaning : lexicon_.meanings(noun)) {
      for (const Meaning& other : lexicon_.related(meaning, relation)) words.push_back(other.words.front());
    }
    return words;
  }
  Lexicon lexicon_ = Lexicon::open().value();
};

TEST_F(LexiconTest, FindsMeaningsWithDefinitions) {
  const auto meanings = lexicon_.meanings("volcano");
  ASSERT_EQ(meanings.size(), 2U);
  EXPECT_THAT(meanings[0].definition, StartsWith("a fissure in the earth's crust"));
  EXPECT_EQ(meanings[1].definition, "a mountain formed by volcanic material");
  EXPECT_EQ(meanings[1].category, "object");
}

TEST_F(LexiconTest, LeavesExamplesOutOfDefinitions) {
  EXPECT_EQ(lexicon_.meanings("dog")[0].definition.find('"'), std::string::npos);
  EXPECT_EQ(lexicon_.meanings("dog")[0].category, "animal");
  EXPECT_EQ(lexicon_.meanings("minute")[0].category, "time");
}

TEST_F(LexiconTest, ReadsPluralsPhrasesAndCapitals) {
  const auto base_form = [this](std::string_view noun) {
    const auto meanings = lexicon_.meanings(noun);
    return meanings.empty() ? std::string() : meanings[0].word;
  };
  EXPECT_EQ(base_form("volcanoes"), "volcano");
  EXPECT_EQ(base_form("Geese"), "goose");
  EXPECT_EQ(base_form("cities"), "city");
  EXPECT_EQ(base_form(" solar  System "), "solar system");
  EXPECT_EQ(lexicon_.meanings("zymurgy")[0].words[0], "zymology");
  EXPECT_EQ(base_form("'hood"), "'hood");
}

TEST_F(LexiconTest, FollowsRelations) {
  EXPECT_THAT(related("volcano", Relation::kWider), Contains("mountain"));
  EXPECT_THAT(related("volcano", Relation::kInstances), Contains("Etna"));
  EXPECT_THAT(related("bee", Relation::kKinds), Contains("honeybee"));
  EXPECT_THAT(related("car", Relation::kParts), Contains("car door"));
  EXPECT_THAT(related("toe", Relation::kWholes), Contains("foot"));
}

TEST_F(LexiconTest, TellsWordsFromNonWords) {
  for (const char* word :
       {"the", "Running", "bees", "went", "quickly", "largest", "themselves", "made", "volcanic", "Africa"})
    EXPECT_TRUE(lexicon_.knows(word)) << word;
  for (const char* word : {"itsenigre", "theirsidels", "suchas", "coconflat", "", " "})
    EXPECT_FALSE(lexicon_.knows(word)) << word;
}

TEST_F(LexiconTest, KnowsWhatIsFamiliar) {
  EXPECT_GT(lexicon_.familiarity("horse"), lexicon_.familiarity("gomphothere"));
  EXPECT_EQ(lexicon_.familiarity("qwxzv"), 0U);
}

TEST_F(LexiconTest, KnowsNothingOfOtherWords) {
  for (const char* noun : {"", " ", "qwxzv", "\n", "zzzzzzzz", "\xff\xfe", "a\nb"})
    EXPECT_THAT(lexicon_.meanings(noun), IsEmpty()) << noun;
}

TEST(LexiconFilesTest, MissingOrDamagedFilesAreNoCrash) {
  EXPECT_FALSE(Lexicon::open("/nonexistent"));
  const auto folder = TemporaryFolder::make().value();
  ASSERT_TRUE(write_file(folder.path() / "index.noun", "  licence\nbee n 2 0 2 0 00000000 99999999\n"));
  ASSERT_TRUE(write_file(folder.path() / "data.noun", "00000000 77 n ff bee"));
  for (const char* name : {"index.verb", "index.adj", "index.adv", "noun.exc", "verb.exc", "adj.exc", "adv.exc"})
    ASSERT_TRUE(write_file(folder.path() / name, "bees"));
  const auto lexicon = Lexicon::open(folder.path());
  ASSERT_TRUE(lexicon);
  EXPECT_THAT(lexicon->meanings("bees"), testing::SizeIs(1));
  EXPECT_EQ(lexicon->familiarity("bees"), 0U);
}

}  // namespace
}  // namespace llmi::lexicon
