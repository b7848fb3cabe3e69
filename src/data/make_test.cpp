#include "data/make.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/file.h"
#include "data/check.h"
#include "data/datasheet.h"
#include "data/duplicates.h"
#include "data/leaks.h"
#include "data/sample.h"

namespace llmi::data {
namespace {

namespace fs = std::filesystem;

/// The shipped material with a folder of empty files in the place of the picture collections: rows name their paths,
/// nothing reads them.
class Make : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto read = read_material("prompts/data");
    auto temporary = TemporaryFolder::make();
    ASSERT_TRUE(read && temporary);
    material = std::make_unique<Material>(std::move(*read));
    folder = std::make_unique<TemporaryFolder>(std::move(*temporary));
    usual = {.seed = 7, .count = 1000, .corpora = {{"tuxpaint-stamps", folder->path()}}};
    for (const Language& language : material->languages)
      for (const Topic& topic : language.topics)
        for (const auto& group : topic.pictures)
          for (const std::string& picture : group) touch(folder->path() / picture.substr(picture.find('/') + 1));
    auto made = make({}, *material, usual);
    ASSERT_TRUE(made) << made.error().message;
    whole = std::make_unique<DataSet>(std::move(*made));
  }
  static void TearDownTestSuite() {
    whole.reset();
    folder.reset();
    material.reset();
  }
  static void touch(const fs::path& file) {
    fs::create_directories(file.parent_path());
    std::ofstream(file).put(' ');
  }
  static std::string text(const DataSet& set) {
    std::string all;
    for (const Row& row : set.rows) all += print(row) + "\n";
    return all;
  }

  static std::unique_ptr<Material> material;
  static std::unique_ptr<TemporaryFolder> folder;
  static MakeOptions usual;
  static std::unique_ptr<DataSet> whole;
};
std::unique_ptr<Material> Make::material;
std::unique_ptr<TemporaryFolder> Make::folder;
MakeOptions Make::usual;
std::unique_ptr<DataSet> Make::whole;

TEST_F(Make, TheSameSeedGivesTheSameBytesAnotherSeedOthers) {
  const auto again = make({}, *material, usual);
  ASSERT_TRUE(again);
  EXPECT_EQ(text(*again), text(*whole));
  MakeOptions other = usual;
  other.seed = 8;
  const auto different = make({}, *material, other);
  ASSERT_TRUE(different);
  EXPECT_NE(text(*different), text(*whole));
}

TEST_F(Make, EveryRowPassesItsOwnCheck) {
  ASSERT_EQ(whole->rows.size(), 1000);
  const CheckReport report = check(text(*whole), {.leaks = material->leaks});
  EXPECT_EQ(report.rows, 1000);
  for (const Finding& finding : report.findings)
    ADD_FAILURE() << finding.line << " " << finding.field << ": " << finding.message;
}

TEST_F(Make, PictureCountKindsKeepToTheirShares) {
  std::map<std::string, std::size_t> kinds;
  for (const Row& row : whole->rows) ++kinds[std::string(picture_kind(row.image_num))];
  EXPECT_NEAR(static_cast<double>(kinds["none"]), 150, 30);
  EXPECT_NEAR(static_cast<double>(kinds["any"]), 200, 30);
  EXPECT_NEAR(static_cast<double>(kinds["some"]), 250, 30);
  EXPECT_NEAR(static_cast<double>(kinds["exact"]), 400, 30);
}

TEST_F(Make, EverySetOfToolsIsThereAndNoneIsRare) {
  std::map<std::string, std::size_t> counts;
  for (const Row& row : whole->rows)
    if (row.tools.any()) ++counts[print_tools(row.tools)];
  EXPECT_EQ(counts.size(), 15);
  for (const auto& [tools, count] : counts) EXPECT_GE(count, 30) << tools;
}

TEST_F(Make, NoTopicIsInBothSplitsAndEveryLanguageIsTested) {
  std::map<std::string, std::set<bool>> splits;
  std::map<std::string, std::pair<double, double>> languages;
  for (const Row& row : whole->rows) {
    splits[row.topic].insert(row.test);
    ++languages[row.language].first;
    languages[row.language].second += row.test ? 1 : 0;
  }
  for (const auto& [topic, sides] : splits) EXPECT_EQ(sides.size(), 1) << topic;
  EXPECT_EQ(languages.size(), material->languages.size());
  for (const auto& [language, rows] : languages) EXPECT_GE(rows.second / rows.first, usual.test_share) << language;
}

TEST_F(Make, NoTwoPromptsOfALanguageAreNearlyTheSame) {
  std::map<std::string, std::vector<Shingles>> prompts;
  for (const Row& row : whole->rows) {
    const Shingles own = shingles(row.question);
    // Every pair, so that what the index does not propose would be seen; a few in a thousand are allowed to slip.
    for (const Shingles& other : prompts[row.language]) EXPECT_LT(jaccard(own, other), kNearDuplicate + 0.1);
    prompts[row.language].push_back(own);
  }
}

TEST_F(Make, ExactNumbersAreSaidOrFollowFromTheWish) {
  for (const Row& row : whole->rows) {
    if (row.image_num <= 0) continue;
    EXPECT_TRUE(row.needs_pictures) << row.id;
    if (row.image_num == kSomePictures) continue;
    EXPECT_TRUE(row.tools.any()) << row.id;
    EXPECT_LE(row.image_num, 8) << row.id;
  }
}

TEST_F(Make, ThrowsAwayPromptsThatNameATool) {
  Material strict = *material;
  strict.leaks.emplace_back("please");
  const auto set = make({}, strict, usual);
  ASSERT_TRUE(set);
  EXPECT_GT(set->discarded.leaks, 0);
  for (const Row& row : set->rows) EXPECT_FALSE(find_leak(row.question, strict.leaks)) << row.question;
}

TEST_F(Make, SaysWhichPictureIsMissing) {
  MakeOptions options = usual;
  options.corpora["tuxpaint-stamps"] = "/nonexistent";
  const auto set = make({}, *material, options);
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::kNotFound);
  EXPECT_NE(set.error().message.find("/nonexistent/"), std::string::npos);
}

TEST_F(Make, SaysWhenTheMaterialIsNotEnough) {
  Material little = *material;
  for (Language& language : little.languages) language.topics.resize(1);
  MakeOptions options = usual;
  options.count = 100000;
  const auto set = make({}, little, options);
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Make, CountsAndSampleAreOfTheSet) {
  const std::string counts = counts_markdown(*whole, 7);
  EXPECT_NE(counts.find("1000 prompts"), std::string::npos);
  const std::string sample = sample_markdown(whole->rows, 20, 7);
  EXPECT_EQ(sample, sample_markdown(whole->rows, 20, 7));
  EXPECT_NE(sample.find("\n**20.** "), std::string::npos);
  EXPECT_EQ(sample.find("\n**21.** "), std::string::npos);
}

}  // namespace
}  // namespace llmi::data
