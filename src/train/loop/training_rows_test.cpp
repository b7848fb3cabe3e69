#include "train/loop/training_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/file.h"

namespace llmi::train {
namespace {

class TrainingRowsTest : public testing::Test {
 protected:
  Result<std::vector<reward::Sample>> read(const std::string& text, bool demonstrations = false,
                                           const char* language = "") {
    const auto file = folder_.path() / "rows.jsonl";
    if (!write_file(file, text)) throw std::runtime_error("cannot write");
    return read_training_rows(file, language, demonstrations);
  }
  static std::string row(const char* id, const char* split, const char* images = "[]") {
    return std::string(R"({"prompt":[{"role":"user","content":"Foxes"}],"images":)") + images +
           R"(,"extra_info":{"split":")" + split + R"(","image_num":2,"tools":["search"],"question":"Foxes","id":")" +
           id + "\"}}\n";
  }
  TemporaryFolder folder_ = *TemporaryFolder::make();
};

TEST_F(TrainingRowsTest, TheTestSplitPicturesAndOtherLanguagesAreLeftOut) {
  const auto rows = read(
      row("en-a", "train") + row("en-b", "test") + "\n" + row("de-c", "train") + row("en-d", "train", "[\"x.png\"]"),
      false, "en");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_EQ(rows->front().id, "en-a");
  EXPECT_EQ(rows->front().prompt, "Foxes");
  EXPECT_EQ(rows->front().image_num, 2);
  EXPECT_EQ(rows->front().tools, std::vector{tag::Source::kSearch});
}

TEST_F(TrainingRowsTest, ADemonstrationOfTheTestSplitIsAnError) {
  const auto rows = read(R"({"prompt":"a","answer":"b"})"
                         "\n"
                         R"({"prompt":"a","answer":"b","split":"test"})",
                         true);
  ASSERT_FALSE(rows);
  EXPECT_THAT(rows.error().message, testing::HasSubstr("line 2: split: is test"));
  EXPECT_FALSE(read(R"({"prompt":"a"})", true));
  EXPECT_EQ(read(R"({"prompt":"a","answer":"b"})", true)->front().answer, "b");
}

TEST_F(TrainingRowsTest, NothingToLearnFromIsAnError) {
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read(row("en-b", "test")));
  EXPECT_THAT(read("{").error().message, testing::HasSubstr("line 1: is no JSON object"));
}

TEST(RowAt, EveryEpochHoldsEachRowOnceInAnotherOrder) {
  std::vector<std::size_t> first;
  std::vector<std::size_t> second;
  for (std::size_t i = 0; i < 50; ++i) first.push_back(row_at(i, 50, 3));
  for (std::size_t i = 50; i < 100; ++i) second.push_back(row_at(i, 50, 3));
  EXPECT_EQ(std::set(first.begin(), first.end()).size(), 50U);
  EXPECT_EQ(std::set(second.begin(), second.end()).size(), 50U);
  EXPECT_NE(first, second);
  std::vector<std::size_t> other;
  for (std::size_t i = 0; i < 50; ++i) other.push_back(row_at(i, 50, 4));
  EXPECT_NE(first, other);
}

}  // namespace
}  // namespace llmi::train
