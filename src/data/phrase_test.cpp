#include "data/phrase.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace llmi::data {
namespace {

std::set<std::string> all_of(std::string_view phrase, const NumberStyle& style = {}) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    seen.insert(expand(phrase, random, style, {{"N", "three"}}));
  }
  return seen;
}

TEST(Phrase, TakesOneAlternativeAlsoAnEmptyOrNestedOne) {
  EXPECT_EQ(all_of("a[ b| c[1|2]|] d"), (std::set<std::string>{"a b d", "a c1 d", "a c2 d", "a d"}));
}

TEST(Phrase, DrawsNumbersWithTheDecimalsOfTheLowerBound) {
  EXPECT_EQ(all_of("{3..5}"), (std::set<std::string>{"3", "4", "5"}));
  EXPECT_EQ(all_of("{0.9..1.1}"), (std::set<std::string>{"0.9", "1.0", "1.1"}));
  EXPECT_EQ(all_of("{60..90/10}"), (std::set<std::string>{"60", "70", "80", "90"}));
  EXPECT_EQ(all_of("-{1..1}"), (std::set<std::string>{"-1"}));
}

TEST(Phrase, RemembersNumbersForSums) {
  for (const std::string& text : all_of("{a=1..9}+{b=10..19}={=a+b} {a}")) {
    const int a = std::stoi(text);
    const int b = std::stoi(text.substr(text.find('+') + 1));
    EXPECT_EQ(text,
              std::to_string(a) + "+" + std::to_string(b) + "=" + std::to_string(a + b) + " " + std::to_string(a));
  }
}

TEST(Phrase, WritesNumbersAsTheLanguageDoes) {
  EXPECT_EQ(all_of("{12500..12500} {1250..1250} {2.5..2.5}", {.decimal = ",", .thousands = "."}),
            (std::set<std::string>{"12.500 1250 2,5"}));
  EXPECT_EQ(all_of("{1234567..1234567}"), (std::set<std::string>{"1,234,567"}));
}

TEST(Phrase, PutsInValuesAndLineBreaks) { EXPECT_EQ(all_of("{N}\\nx"), (std::set<std::string>{"three\nx"})); }

TEST(Phrase, RefusesWhatItCouldNotExpand) {
  for (const char* bad : {"a|b", "[a", "a]", "{3..", "{5..3}", "}", "[a{1..2]}", "{1..3/0}", "{a b}"})
    EXPECT_FALSE(check_phrase(bad)) << bad;
  for (const char* good : {"", "[a|b]", "{1..2}", "{x=1.5..2} {=x}", "{N} [|{1..1}]"})
    EXPECT_TRUE(check_phrase(good)) << good;
}

}  // namespace
}  // namespace llmi::data
