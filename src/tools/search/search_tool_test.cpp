#include "tools/search/search_tool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/file.h"
#include "store/corpus_test_pictures.h"
#include "tools/search/local_provider.h"

namespace llmi::tools {
namespace {

using testing::HasSubstr;

/// Answers from a list; `bytes` by file name.
class FakeProvider final : public Provider {
 public:
  explicit FakeProvider(std::string name = "fake", bool small = false) : name_(std::move(name)), small_(small) {}

  std::string_view name() const override { return name_; }
  Availability availability() const override { return {.usable = !failure, .reason = "down"}; }
  bool small_pictures() const override { return small_; }
  std::string cache_identity(const RunContext&) override { return identity; }
  Result<std::vector<Candidate>> search(const RunContext&, const SearchQuery& query) override {
    asked.push_back(query.text + "|" + query.hint);
    if (failure) return std::unexpected(*failure);
    return candidates;
  }
  Result<std::string> fetch(const RunContext&, const Candidate& candidate) override {
    fetched.push_back(candidate.title);
    if (!bytes.contains(candidate.title)) return not_found("gone");
    return bytes.at(candidate.title);
  }
  void add(const std::string& title, int width, int height, const std::string& licence = "CC0-1.0") {
    candidates.push_back({.provider = name_,
                          .title = title,
                          .page_url = "https://example.org/" + title,
                          .width = width,
                          .height = height,
                          .creator = "Ann",
                          .licence = licence,
                          .licence_url = "l",
                          .attribution = "Ann, " + title});
    bytes[title] = "good";
  }

  bool online() const override { return away; }
  bool reachable(const RunContext&) override { return !away; }

  bool away = false;
  std::vector<Candidate> candidates;
  std::map<std::string, std::string> bytes;
  std::optional<Error> failure;
  std::string identity = "v1";
  std::vector<std::string> asked;
  std::vector<std::string> fetched;

 private:
  std::string name_;
  bool small_;
};

Result<image::Picture> decode(const RunContext&, std::string_view bytes) {
  if (bytes != "good") return fail(ErrorCode::kUnreadable, Origin::kTool, "broken");
  return image::Picture{.bytes = "re-encoded", .width = 640, .height = 480};
}

class SearchToolTest : public testing::Test {
 protected:
  [[nodiscard]] SearchTool tool(LicencePolicy licences = {}) const {
    return SearchTool({.providers = {fake}, .decoder = decode, .licences = std::move(licences)});
  }
  static Request request(const std::string& query) {
    return {.tag = {.description = "hint", .params = tag::SearchParams{query}}};
  }
  [[nodiscard]] Outcome run(LicencePolicy licences = {}, const RunContext& context = {}) const {
    SearchTool one = tool(std::move(licences));
    return one.run(context, request("red fox"));
  }

  std::shared_ptr<FakeProvider> fake = std::make_shared<FakeProvider>();
};

TEST_F(SearchToolTest, TakesTheBestRankedWithItsProvenance) {
  fake->add("fox", 640, 480);
  fake->add("other", 640, 480);
  const Outcome outcome = run();
  ASSERT_TRUE(outcome.made());
  const document::Provenance& provenance = outcome.made()->provenance;
  EXPECT_EQ(outcome.made()->picture.bytes, "re-encoded");
  EXPECT_EQ(provenance.tool, "search");
  EXPECT_EQ(provenance.backend, "fake");
  EXPECT_EQ(provenance.query, "red fox");
  EXPECT_EQ(provenance.title, "fox");
  EXPECT_EQ(provenance.creator, "Ann");
  EXPECT_EQ(provenance.licence, "CC0-1.0");
  EXPECT_EQ(provenance.licence_url, "l");
  EXPECT_EQ(provenance.page_url, "https://example.org/fox");
  EXPECT_EQ(provenance.attribution, "Ann, fox");
  EXPECT_EQ(fake->asked, std::vector<std::string>{"red fox|hint"});
}

TEST_F(SearchToolTest, GoesOnAfterPicturesThatCannotBeUsed) {
  fake->add("gone", 640, 480);
  fake->bytes.erase("gone");
  fake->add("broken", 640, 480);
  fake->bytes["broken"] = "bad";
  fake->add("small", 399, 400);
  fake->add("large", 5121, 5120);
  fake->add("fits", 400, 400);
  const Outcome outcome = run();
  ASSERT_TRUE(outcome.made());
  EXPECT_EQ(outcome.made()->provenance.title, "fits");
  EXPECT_EQ(fake->fetched, (std::vector<std::string>{"gone", "broken", "fits"}));
}

TEST_F(SearchToolTest, AVariantPassesOverTheBest) {
  fake->add("first", 640, 480);
  fake->add("second", 640, 480);
  SearchTool one = tool();
  Request other = request("red fox");
  other.variant = 1;
  EXPECT_EQ(one.run({}, other).made()->provenance.title, "second");
  other.variant = 2;
  EXPECT_TRUE(one.run({}, other).fault());
}

TEST_F(SearchToolTest, SmallPicturesAreForProvidersOfThem) {
  fake = std::make_shared<FakeProvider>("clips", true);
  fake->add("tiny", 20, 20);
  EXPECT_TRUE(run().made());
}

TEST_F(SearchToolTest, NothingThatFitsIsAFault) {
  const Outcome nothing = run();
  ASSERT_TRUE(nothing.fault());
  EXPECT_EQ(nothing.fault()->stage, Stage::kTool);
  EXPECT_THAT(nothing.fault()->message, HasSubstr("red fox"));
  fake->add("broken", 640, 480);
  fake->bytes["broken"] = "bad";
  ASSERT_TRUE(run().fault());
  EXPECT_THAT(run().fault()->message, HasSubstr("broken"));
}

TEST_F(SearchToolTest, LicencesChoose) {
  fake->add("nc", 640, 480, "CC-BY-NC-4.0");
  fake->add("free", 640, 480, "CC0-1.0");
  EXPECT_EQ(run(LicencePolicy({"commercial"})).made()->provenance.title, "free");
  EXPECT_TRUE(run(LicencePolicy({"GPL-2"})).fault());
  EXPECT_EQ(run().made()->provenance.title, "nc");
}

TEST_F(SearchToolTest, ErrorsOfProvidersBecomeFaults) {
  const std::pair<ErrorCode, Stage> cases[] = {{ErrorCode::kUnavailable, Stage::kTool},
                                               {ErrorCode::kRefused, Stage::kTool},
                                               {ErrorCode::kForbidden, Stage::kPolicy},
                                               {ErrorCode::kTimeout, Stage::kTimeout},
                                               {ErrorCode::kCancelled, Stage::kCancelled}};
  for (const auto& [code, stage] : cases) {
    fake->failure = Error{.code = code, .message = "no"};
    ASSERT_TRUE(run().fault());
    EXPECT_EQ(run().fault()->stage, stage);
  }
}

TEST_F(SearchToolTest, OneProviderThatAnswersIsEnough) {
  const auto down = std::make_shared<FakeProvider>("down");
  down->failure = Error{.code = ErrorCode::kUnavailable};
  fake->add("fox", 640, 480);
  SearchTool both({.providers = {down, fake}, .decoder = decode});
  EXPECT_TRUE(both.run({}, request("fox")).made());
  EXPECT_TRUE(both.availability().usable);
  EXPECT_FALSE(SearchTool({.providers = {down}, .decoder = decode}).availability().usable);
  EXPECT_FALSE(SearchTool({.providers = {}, .decoder = decode}).availability().usable);
}

TEST_F(SearchToolTest, TheNextProviderIsAskedOnlyWhenOneHasNothingUsable) {
  const auto second = std::make_shared<FakeProvider>("second");
  second->add("other", 640, 480);
  fake->add("fox", 640, 480);
  SearchTool both({.providers = {fake, second}, .decoder = decode});
  EXPECT_EQ(both.run({}, request("fox")).made()->provenance.backend, "fake");
  EXPECT_TRUE(second->asked.empty());
  fake->bytes["fox"] = "bad";
  EXPECT_EQ(both.run({}, request("fox")).made()->provenance.backend, "second");
  EXPECT_EQ(both.list({}, {.text = "fox"})->size(), 2U);
}

TEST_F(SearchToolTest, ARaceTakesWhoeverHasAPicture) {
  const auto empty = std::make_shared<FakeProvider>("empty");
  const auto down = std::make_shared<FakeProvider>("down");
  down->failure = Error{.code = ErrorCode::kUnavailable, .message = "no answer"};
  fake->add("fox", 640, 480);
  SearchTool race({.providers = {empty, down, fake}, .decoder = decode, .mode = SearchMode::kRace});
  EXPECT_EQ(race.run({}, request("fox")).made()->provenance.backend, "fake");
  EXPECT_EQ(empty->asked.size() + down->asked.size(), 2U);
  fake->candidates.clear();
  EXPECT_EQ(race.run({}, request("fox")).fault()->message, "no answer");
}

TEST_F(SearchToolTest, WhatWasFoundWithoutAProviderThatFailedIsNotKept) {
  const auto down = std::make_shared<FakeProvider>("down");
  down->failure = Error{.code = ErrorCode::kUnavailable, .message = "no"};
  fake->add("fox", 640, 480);
  EXPECT_FALSE(SearchTool({.providers = {down, fake}, .decoder = decode}).run({}, request("fox")).lasting);
  EXPECT_TRUE(run().lasting);
}

TEST_F(SearchToolTest, UnreachableProvidersAreLeftOutOfSearchAndCache) {
  const auto away = std::make_shared<FakeProvider>("away");
  away->away = true;
  fake->add("fox", 640, 480);
  SearchTool both({.providers = {away, fake}, .decoder = decode});
  const Outcome outcome = both.run({}, request("fox"));
  EXPECT_TRUE(outcome.made() && outcome.lasting);
  EXPECT_TRUE(away->asked.empty());
  EXPECT_EQ(both.cache_identity({}, request("x")), tool().cache_identity({}, request("x")));
  SearchTool alone({.providers = {away}, .decoder = decode});
  EXPECT_THAT(alone.run({}, request("fox")).fault()->message, HasSubstr("offline"));
  EXPECT_FALSE(alone.list({}, {.text = "fox"}));
}

TEST_F(SearchToolTest, StopsWhenAsked) {
  fake->add("fox", 640, 480);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(run({}, {.stop = stop.get_token()}).fault()->stage, Stage::kCancelled);
  EXPECT_EQ(run({}, {.deadline = Deadline::after(std::chrono::seconds(-1))}).fault()->stage, Stage::kTimeout);
  EXPECT_TRUE(fake->fetched.empty());
}

TEST_F(SearchToolTest, CacheIdentityHoldsWhatDecides) {
  const std::string identity = tool().cache_identity({}, request("x"));
  EXPECT_FALSE(identity.empty());
  EXPECT_NE(tool(LicencePolicy({"CC0"})).cache_identity({}, request("x")), identity);
  fake->identity = "v2";
  EXPECT_NE(tool().cache_identity({}, request("x")), identity);
  fake->identity.clear();
  EXPECT_EQ(tool().cache_identity({}, request("x")), "");
}

TEST(LocalProvider, FindsPicturesOfACorpus) {
  const auto folder = *TemporaryFolder::make();
  ASSERT_TRUE(write_file(folder.path() / "pics" / "red_fox.png", store::test::png(20, 10, {{"Author", "Ann"}})));
  const auto corpora = std::make_shared<store::Corpora>(
      store::Corpora::Options{.folder = folder.path() / "data", .defaults = {}, .on_index = {}});
  const std::shared_ptr<Provider> local = make_local_provider(corpora);
  EXPECT_FALSE(local->availability().usable);
  ASSERT_TRUE(corpora->add({}, {.folder = folder.path() / "pics", .licence = "CC BY 4.0"}));
  EXPECT_TRUE(local->availability().usable);
  const auto found = local->search({}, {.text = "a fox"});
  ASSERT_TRUE(found && found->size() == 1);
  const Candidate& fox = found->front();
  EXPECT_EQ(fox.width, 20);
  EXPECT_EQ(fox.creator, "Ann");
  EXPECT_EQ(fox.licence, "CC-BY-4.0");
  EXPECT_EQ(fox.licence_url, "https://creativecommons.org/licenses/by/4.0/");
  EXPECT_THAT(*local->fetch({}, fox), HasSubstr("PNG"));
  EXPECT_FALSE(local->cache_identity({}).empty());
}

}  // namespace
}  // namespace llmi::tools
