#include "store/corpus_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llmi::store {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> kinds(std::string_view noun) {
  static const auto kEnglish = *lexicon::Lexicon::open();
  return words_for_kinds(kEnglish, noun, [](const std::string&) { return true; });
}

TEST(Kinds, AreWordsForThingsOfTheKind) {
  EXPECT_THAT(kinds("footwear"), Contains("shoe"));
  EXPECT_THAT(kinds("bird of prey"), Contains("eagle"));
  EXPECT_THAT(kinds("crustaceans"), Contains("crab"));
  EXPECT_THAT(kinds("footwear"), Not(Contains(testing::HasSubstr(" "))));
}

TEST(Kinds, NearestFirst) {
  const std::vector<std::string> words = kinds("footwear");
  const auto shoe = std::ranges::find(words, "shoe");
  const auto sandal = std::ranges::find(words, "sandal");
  ASSERT_NE(sandal, words.end());
  EXPECT_LT(shoe - words.begin(), sandal - words.begin());
}

TEST(Kinds, OnlyWordsThatMeanThisFirst) {
  EXPECT_THAT(kinds("reptile"), Contains("lizard"));
  // A wing has flaps, but the word means something else first of all.
  EXPECT_THAT(kinds("airfoil"), Not(Contains("flap")));
}

TEST(Kinds, NothingThatCannotBePictured) {
  for (const char* noun : {"philosophy", "monetary policy", "chemical element", "disease", "blorptastic", ""})
    EXPECT_THAT(kinds(noun), IsEmpty()) << noun;
}

TEST(Kinds, OnlyWantedOnes) {
  const auto english = *lexicon::Lexicon::open();
  EXPECT_EQ(words_for_kinds(english, "footwear", [](const std::string& word) { return word == "boot"; }),
            std::vector<std::string>{"boot"});
}

}  // namespace
}  // namespace llmi::store
