#include "data/leaks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace llmi::data {
namespace {

const std::vector<std::string> kPatterns{"search", "diffusion*", "édite*", "moteur de recherche", "代码"};

TEST(Leaks, FindsWholeWordsInAnyCase) {
  EXPECT_EQ(find_leak("Please SEARCH for it", kPatterns), "search");
  EXPECT_EQ(find_leak("(search)", kPatterns), "search");
  EXPECT_FALSE(find_leak("research, searchlight", kPatterns));
}

TEST(Leaks, AStarTakesEveryEnding) {
  EXPECT_EQ(find_leak("with Diffusion-based art", kPatterns), "diffusion*");
  EXPECT_EQ(find_leak("Éditez la photo", kPatterns), "édite*");
  EXPECT_FALSE(find_leak("crédités", kPatterns));
}

TEST(Leaks, FindsRowsOfWordsAndScriptsWithoutSpaces) {
  EXPECT_EQ(find_leak("un moteur de recherche", kPatterns), "moteur de recherche");
  EXPECT_FALSE(find_leak("la recherche du temps perdu", kPatterns));
  EXPECT_EQ(find_leak("用代码画图", kPatterns), "代码");
}

}  // namespace
}  // namespace llmi::data
