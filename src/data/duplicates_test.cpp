#include "data/duplicates.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"

namespace llmi::data {
namespace {

std::string words_of(Random& random, int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "w" + std::string(1, static_cast<char>('a' + random.below(26))) +
            std::string(1, static_cast<char>('a' + random.below(26))) + " ";
  return text;
}

TEST(Duplicates, CaseNumbersAndPunctuationPlayNoPart) {
  EXPECT_EQ(jaccard(shingles("We sold 31 kg, then 28."), shingles("we SOLD 47 kg then 19")), 1);
  EXPECT_EQ(jaccard(shingles("one two three four"), shingles("five six seven eight")), 0);
}

TEST(Duplicates, SignsOfScriptsWithoutSpacesAreWords) {
  EXPECT_GT(jaccard(shingles("给孩子讲月亮"), shingles("给孩子讲太阳")), 0);
  EXPECT_EQ(shingles("月亮").size(), 1);
}

TEST(Duplicates, FindsWhatIsNearAndNothingElse) {
  Random random(3);
  DuplicateFinder finder;
  std::string middle;
  for (int i = 0; i < 500; ++i) {
    const std::string text = words_of(random, 40);
    if (i == 250) middle = text;
    EXPECT_FALSE(finder.find(text)) << i;
    finder.add(text);
  }
  // 38 shingles; seven new words leave 31 of 45 in common.
  const auto match = finder.find(middle + words_of(random, 7));
  ASSERT_TRUE(match);
  EXPECT_EQ(match->number, 250);
  EXPECT_NEAR(match->similarity, 38.0 / 45, 1e-9);
}

TEST(Duplicates, ProposesNearlyEveryPairAtTheThreshold) {
  Random random(5);
  int found = 0;
  constexpr int kPairs = 200;
  for (int i = 0; i < kPairs; ++i) {
    const std::string common = words_of(random, 40);
    DuplicateFinder finder;
    finder.add(common + words_of(random, 24));
    const auto match = finder.find(common + words_of(random, 24));  // 38 of 86 shingles or so in common
    found += match ? 1 : 0;
  }
  EXPECT_GE(found, kPairs * 95 / 100);
}

}  // namespace
}  // namespace llmi::data
