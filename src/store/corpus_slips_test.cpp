#include "store/corpus_slips.h"

#include <gtest/gtest.h>

#include <map>

#include "store/corpus_query.h"

namespace llmi::store {
namespace {

/// Words and how many pictures have them.
class Words final : public Vocabulary {
 public:
  explicit Words(std::map<std::string, std::uint32_t> words) : words_(std::move(words)) {}
  Frequencies frequencies(std::string_view /*term*/) override { return {}; }
  std::vector<std::pair<std::string, std::uint32_t>> one_slip_from(std::string_view word) override {
    std::vector<std::pair<std::string, std::uint32_t>> found;
    for (const auto& entry : words_)
      if (one_slip_apart(word, entry.first)) found.emplace_back(entry);
    return found;
  }
  [[nodiscard]] std::size_t pictures() const override { return 100; }

 private:
  std::map<std::string, std::uint32_t> words_;
};

std::string corrected(std::string_view word, std::map<std::string, std::uint32_t> words, bool may_be_name = false) {
  Words vocabulary(std::move(words));
  return without_slip(word, may_be_name, vocabulary).value_or("");
}

TEST(Slips, OneLetterTooManyTooFewWrongOrSwapped) {
  for (const char* slip : {"elephnat", "elephnt", "elephannt", "elephent", "lephant", "elephants", "eelphant"})
    EXPECT_TRUE(one_slip_apart(slip, "elephant")) << slip;
  for (const char* other : {"elephant", "elepants", "elphnat", "leephnat", "elephxyt", "", "elephanth0"})
    EXPECT_FALSE(one_slip_apart(other, "elephant")) << other;
  EXPECT_FALSE(one_slip_apart("abcd", "acdb"));
}

TEST(Slips, ShortWordsStay) {
  EXPECT_EQ(corrected("lino", {{"lion", 9}}), "");
  EXPECT_EQ(corrected("tigre", {{"tiger", 9}}), "tiger");
}

TEST(Slips, SwappedAndDoubledLettersAreLikelierThanWrongOnes) {
  EXPECT_EQ(corrected("dolphni", {{"dolphin", 1}, {"dolphnis", 50}}), "dolphin");
  EXPECT_EQ(corrected("letucce", {{"lettuce", 1}}), "");
  EXPECT_EQ(corrected("strawbery", {{"strawberry", 1}, {"strawbary", 50}}), "strawberry");
}

TEST(Slips, TheWordOfMorePicturesWinsAndNoneAmongEquals) {
  EXPECT_EQ(corrected("violen", {{"violin", 5}, {"violet", 2}}), "violin");
  EXPECT_EQ(corrected("violen", {{"violin", 5}, {"violet", 5}}), "");
}

TEST(Slips, NamesDifferFromWordsByALetter) {
  EXPECT_EQ(corrected("monet", {{"money", 5}}), "money");
  EXPECT_EQ(corrected("monet", {{"money", 5}}, true), "");
  EXPECT_EQ(corrected("elefnat", {{"elefant", 5}}, true), "elefant");
}

}  // namespace
}  // namespace llmi::store
