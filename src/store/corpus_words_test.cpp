#include "store/corpus_words.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/utf8.h"

namespace llmi::store {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (Word& word : (*WordReader::make())->words(text)) result.push_back(std::move(word.text));
  return result;
}

using Strings = std::vector<std::string>;

TEST(Words, AreLowerCaseWithoutDiacritics) {
  EXPECT_EQ(words("Un Éléphant, Größe!"), (Strings{"un", "elephant", "große"}));
}

TEST(Words, SplitInnerWords) {
  EXPECT_EQ(words("fireEngine"), (Strings{"fire", "engine"}));
  EXPECT_EQ(words("fire_engine-red.HTMLPage"), (Strings{"fire", "engine", "red", "html", "page"}));
  EXPECT_EQ(words("rana02 F16 mp3"), (Strings{"rana", "02", "f16", "mp3"}));
}

TEST(Words, PairUpCharactersOfScriptsWithoutSpaces) {
  EXPECT_EQ(words("消防車。"), (Strings{"消防", "防車"}));
  EXPECT_EQ(words("象"), (Strings{"象"}));
  EXPECT_EQ(words("赤い車"), (Strings{"赤", "い", "車"}));
  EXPECT_EQ(words("ช้าง").size(), 3U);
}

TEST(Words, KeepVowelSignsOfIndicScripts) { EXPECT_EQ(words("एक हाथी"), (Strings{"एक", "हाथी"})); }

TEST(Words, MergePersianAndArabicLetters) { EXPECT_EQ(words("فیل"), words("فيل")); }

TEST(Words, KnowBreaksAndCapitals) {
  const auto list = (*WordReader::make())->words("A dog, the Eiffel tower - Paris");
  ASSERT_EQ(list.size(), 6U);
  EXPECT_TRUE(list[2].after_break);
  EXPECT_FALSE(list[4].after_break);
  EXPECT_TRUE(list[5].after_break);
  EXPECT_TRUE(list[3].capitalised);
  EXPECT_FALSE(list[1].capitalised);
}

TEST(Words, StemByLanguage) {
  const auto reader = *WordReader::make();
  const auto stem = [&](const char* locale, const char* word) {
    return reader->stem(language_of_locale(locale), word);
  };
  EXPECT_EQ(stem("en", "elephants"), stem("en_GB", "elephant"));
  EXPECT_EQ(stem("de", "elefanten"), stem("de", "elefant"));
  EXPECT_EQ(stem("ru", "слоны"), stem("ru", "слон"));
}

TEST(Words, LocalesNameLanguages) {
  EXPECT_EQ(language_of_locale("pt_BR"), language_of_locale("pt"));
  EXPECT_EQ(language_of_locale("nb"), language_of_locale("nn"));
  EXPECT_EQ(language_of_locale("ca@valencia"), language_of_locale("ca"));
  EXPECT_EQ(language_of_locale("son"), kLanguages.size());
}

TEST(Words, StopWordsAreWholeWords) {
  EXPECT_TRUE(is_stop_word(kEnglish, "the"));
  EXPECT_FALSE(is_stop_word(kEnglish, "th"));
  EXPECT_TRUE(is_stop_word(language_of_locale("de"), "ein"));
  EXPECT_FALSE(is_stop_word(kEnglish, "ein"));
  EXPECT_FALSE(is_stop_word(kEnglish, "the that"));
}

RC_GTEST_PROP(Words, AnyBytesGiveValidText, (const std::string& bytes)) {
  static const auto kReader = *WordReader::make();
  for (const Word& word : kReader->words(bytes)) RC_ASSERT(is_valid_utf8(word.text) && !word.text.empty());
}

}  // namespace
}  // namespace llmi::store
