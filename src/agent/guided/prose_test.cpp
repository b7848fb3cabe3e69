#include "agent/guided/prose.h"

#include <gtest/gtest.h>

#include "agent/guided/data_sentence.h"
#include "agent/guided/english.h"
#include "agent/guided/subject.h"
#include "lexicon/lexicon.h"

namespace llmi::agent {
namespace {

class ProseTest : public testing::Test {
 protected:
  [[nodiscard]] int score(std::string_view sentences, std::string_view document = "") const {
    return prose_score(sentences, {document, {"bee", "honey"}, &lexicon_});
  }
  lexicon::Lexicon lexicon_ = lexicon::Lexicon::open().value();
};

TEST_F(ProseTest, WordsOfTheSubjectCount) {
  EXPECT_GT(score("Bees make honey in a hive."), score("Rain falls on the green hills."));
  EXPECT_GE(score("Rain falls on the green hills."), 0);
}

TEST_F(ProseTest, UnfitSentencesAreBelowZero) {
  for (const char* text : {"You can read this article.", "Click here to see more images.", "Bees keep itsenigre.",
                           "Bees make honey honey honey.", "Bees make honey and the.",
                           "The bees make honey and the bees make honey and the bees make honey."})
    EXPECT_LT(score(text), 0) << text;
  EXPECT_LT(score("Bees make honey in a hive.", "We know that bees make honey in a hive."), 0);
}

TEST_F(ProseTest, WholeSentences) {
  EXPECT_EQ(whole_sentences("One. Two. Thr"), "One. Two.");
  EXPECT_EQ(whole_sentences("Thr"), "");
}

TEST_F(ProseTest, SubjectsAreDefinedInSentences) {
  const auto sentence = [this](std::string_view noun) { return describe(&lexicon_, noun).sentence; };
  EXPECT_EQ(sentence("volcanoes"),
            "A volcano is a fissure in the earth's crust through which molten lava and gases erupt.");
  EXPECT_EQ(sentence("elephants"), "An elephant is a five-toed pachyderm.");
  EXPECT_EQ(sentence("honey"), "Honey is a sweet yellow liquid produced by bees.");
  EXPECT_EQ(sentence("penguins").substr(0, 14), "Penguins are s");
  EXPECT_EQ(sentence("xqzzy"), "");
}

TEST_F(ProseTest, English) {
  EXPECT_EQ(with_article("apple"), "an apple");
  EXPECT_EQ(with_article("university"), "a university");
  EXPECT_EQ(with_article("Italy"), "Italy");
  EXPECT_TRUE(same_noun("Volcanoes", "volcano"));
  EXPECT_TRUE(same_noun("cities", "City"));
  EXPECT_FALSE(same_noun("glass", "glas"));
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(title_case("the life of a bee"), "The Life of a Bee");
}

TEST_F(ProseTest, DataSentences) {
  EXPECT_EQ(data_sentence({{{"2019", "12000"}, {"2021", "18200"}}, "bikes"}),
            "From 2019 to 2021 the value rose from 12,000 bikes to 18,200 bikes.");
  EXPECT_EQ(data_sentence({{{"coal", "35"}, {"gas", "23"}}, "%"}),
            "The largest value is that of coal with 35%, the smallest that of gas with 23%.");
  EXPECT_EQ(data_sentence({{{"a", "-1234567"}, {"b", "-1234567"}}, "$"}), "All values are $-1,234,567.");
  EXPECT_EQ(data_sentence({}), "");
}

}  // namespace
}  // namespace llmi::agent
