#include "store/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/file.h"
#include "store/corpus_test_pictures.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A data folder and a folder of pictures; no default corpora.
class CorporaTest : public testing::Test {
 protected:
  void picture(const std::string& name, const test::Texts& texts = {}, std::uint32_t side = 500) {
    ASSERT_TRUE(write_file(pictures() / name, test::png(side, side, texts)));
  }
  void text(const std::string& name, const std::string& content) {
    ASSERT_TRUE(write_file(pictures() / name, content));
  }

  [[nodiscard]] fs::path pictures() const { return folder_.path() / "zoo"; }
  [[nodiscard]] fs::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] Corpora corpora() const {
    return Corpora({.folder = data(), .defaults = {}, .on_index = [this](const CorpusSpec&) { ++indexed_; }});
  }
  /// File names of the hits, best first.
  [[nodiscard]] std::vector<std::string> search(const std::string& query) const {
    Corpora fresh = corpora();
    return search(fresh, query);
  }
  [[nodiscard]] std::vector<std::string> search(Corpora& where, const std::string& query) const {
    std::vector<std::string> names;
    const auto found = where.search({}, query, "", 10);
    if (!found) return {found.error().message};
    for (const FoundPicture& picture : *found) names.push_back(picture.file.filename());
    return names;
  }
  Result<CorpusInfo> add(CorpusSpec spec = {}) {
    spec.folder = pictures();
    return corpora().add({}, spec);
  }

  TemporaryFolder folder_ = *TemporaryFolder::make();
  mutable int indexed_ = 0;
};

using Names = std::vector<std::string>;

TEST_F(CorporaTest, FindsByNameTitleSidecarFolderAndDescription) {
  picture("quokka_smiling.png");
  picture("a1.png", {{"Title", "Steam locomotive"}});
  picture("a2.png");
  text("a2.txt", "A wombat in the rain\nGrey fur.\n");
  picture("a3.png");
  text("a3.json", R"({"title": "Lighthouse", "keywords": ["coast", "beacon"], "creator": "Ann"})");
  picture("volcanoes/a4.png");
  ASSERT_TRUE(add());
  EXPECT_EQ(search("smiling quokkas"), Names{"quokka_smiling.png"});
  EXPECT_EQ(search("steam locomotives"), Names{"a1.png"});
  EXPECT_EQ(search("wombats"), Names{"a2.png"});
  EXPECT_EQ(search("a lighthouse at the coast"), Names{"a3.png"});
  EXPECT_EQ(search("beacon"), Names{"a3.png"});
  EXPECT_EQ(search("volcano"), Names{"a4.png"});
}

TEST_F(CorporaTest, FindsTranslationsAndCompounds) {
  picture("x.png");
  text("x.txt", "A fire engine.\nde.utf8=Ein Feuerwehrauto.\nzh_TW.utf8=消防車\nru.utf8=Пожарная машина.\n");
  picture("schoolBus.png");
  ASSERT_TRUE(add());
  for (const char* query : {"fireengine", "red fire engines", "Feuerwehrautos", "消防車", "пожарные машины"})
    EXPECT_EQ(search(query), Names{"x.png"}) << query;
  for (const char* query : {"school bus", "schoolbus", "school_bus"})
    EXPECT_EQ(search(query), Names{"schoolBus.png"}) << query;
}

TEST_F(CorporaTest, ChoosesNothingRatherThanSomething) {
  picture("apple_fuji.png", {{"Title", "A Fuji apple"}});
  picture("mount.png", {{"Title", "mount"}});
  picture("bridge.png", {{"Title", "A bridge"}});
  text("bridge.txt", "A bridge.\nde.utf8=Eine Brücke.\n");
  ASSERT_TRUE(add());
  for (const char* query :
       {"mount fuji", "quantum chromodynamics", "Golden Gate Bridge", "", "   ", "!?", "\"", "a* OR b:c NEAR("})
    EXPECT_EQ(search(query), Names{}) << query;
  EXPECT_EQ(search("an old bridge"), Names{"bridge.png"});
}

TEST_F(CorporaTest, CorrectsASlipOnlyWhereTheWordIsUnknown) {
  picture("elephant.png");
  picture("mouse.png");
  picture("money.png");
  picture("mural.png");
  ASSERT_TRUE(add());
  for (const char* query : {"elephnat", "a red elehpant", "elephent", "Elephnat"})
    EXPECT_EQ(search(query), Names{"elephant.png"}) << query;
  EXPECT_EQ(search("mouse"), Names{"mouse.png"});
  // Words of their own, a name, and a slip in the first letter, which is rare.
  for (const char* query : {"moose", "Monet", "moneta Murax", "lephant"}) EXPECT_EQ(search(query), Names{}) << query;
}

TEST_F(CorporaTest, FindsThingsOfAKindWhereNothingHasItsName) {
  picture("boot.png", {{"Title", "A hiking boot"}});
  picture("horn.png", {{"Title", "A shoe horn"}});
  picture("eagle.png", {{"Title", "An eagle"}});
  ASSERT_TRUE(add());
  EXPECT_EQ(search("footwear"), Names{"boot.png"});
  EXPECT_EQ(search("some old footwear in the rain"), Names{"boot.png"});
  EXPECT_EQ(search("a bird of prey"), Names{"eagle.png"});
  EXPECT_EQ(search("prey"), Names{});
  picture("poster.png", {{"Title", "Footwear"}});
  EXPECT_EQ(search("footwear"), Names{"poster.png"});
}

TEST_F(CorporaTest, WithoutALexiconNeitherSlipsNorKinds) {
  picture("elephant.png");
  picture("boot.png");
  ASSERT_TRUE(add());
  Corpora plain({.folder = data(), .defaults = {}, .lexicon = folder_.path() / "none"});
  EXPECT_EQ(search(plain, "elephants"), Names{"elephant.png"});
  EXPECT_EQ(search(plain, "elephnat"), Names{});
  EXPECT_EQ(search(plain, "footwear"), Names{});
}

TEST_F(CorporaTest, EnglishWordsAreNotTakenForStemsOfOtherLanguages) {
  picture("rat.png");
  text("rat.txt", "A rat.\nca.utf8=Una rata.\npt.utf8=Uma ratazana.\n");
  picture("map.png", {{"Title", "Argentina"}});
  ASSERT_TRUE(add());
  for (const char* query : {"inflation rate in Argentina", "birth rate"}) EXPECT_EQ(search(query), Names{}) << query;
  EXPECT_EQ(search("ratas"), Names{"rat.png"});
}

TEST_F(CorporaTest, PrefersTheTitleThatSaysJustThis) {
  picture("b.png", {{"Title", "dog house"}});
  picture("c.png", {{"Title", "dog"}});
  picture("d.png", {{"Title", "a man and his dog in a park"}});
  ASSERT_TRUE(add());
  EXPECT_EQ(search("dog"), (Names{"c.png", "d.png", "b.png"}));
}

TEST_F(CorporaTest, TheDescriptionDecidesBetweenPicturesThatFit) {
  picture("b.png", {{"Title", "a car"}});
  picture("c.png", {{"Title", "a yellow sports car"}});
  picture("d.png", {{"Title", "a yellow flower"}});
  ASSERT_TRUE(add());
  Corpora all = corpora();
  EXPECT_EQ(all.search({}, "car", "", 1)->front().title, "a car");
  EXPECT_EQ(all.search({}, "car", "A yellow sports car in the sun", 1)->front().title, "a yellow sports car");
  EXPECT_EQ(all.search({}, "car", "A yellow flower", 5)->size(), 2U);
}

TEST_F(CorporaTest, ReportsBadPicturesAndSidecars) {
  picture("good.png");
  text("good.json", "[1]");
  text("broken.png", "not a picture");
  text("empty.jpg", "");
  picture("huge.png", {}, 6000);
  fs::create_symlink("/etc/hostname", pictures() / "out.png");
  text("readme.md", "no picture at all");
  const auto info = add();
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->pictures, 1U);
  EXPECT_EQ(info->spec.name, "zoo");
  std::vector<std::string> skipped;
  for (const Problem& problem : info->skipped) skipped.push_back(problem.file);
  EXPECT_THAT(skipped, testing::UnorderedElementsAre("broken.png", "empty.jpg", "huge.png", "out.png"));
  ASSERT_EQ(info->warnings.size(), 1U);
  EXPECT_EQ(info->warnings[0].file, "good.json");
}

TEST_F(CorporaTest, LinksInsideTheFolderAreOtherNames) {
  picture("animals/leo.png");
  fs::create_symlink("leo.png", pictures() / "animals" / "lion.png");
  ASSERT_EQ(add()->pictures, 1U);
  EXPECT_EQ(search("lion"), Names{"leo.png"});
}

TEST_F(CorporaTest, KeepsLicenceAndCreator) {
  picture("own.png");
  text(
      "own.json",
      R"({"licence": "CC-BY-4.0", "creator": "Ann", "source": "https://example.org/own", "attribution": "Ann, 2020"})");
  picture("plain.png");
  ASSERT_TRUE(add({.licence = "CC0-1.0", .licence_url = "https://example.org/cc0", .creator = "Us"}));
  Corpora all = corpora();
  const auto own = all.search({}, "own", "", 1);
  const auto plain = all.search({}, "plain", "", 1);
  ASSERT_TRUE(own && plain && own->size() == 1 && plain->size() == 1);
  EXPECT_EQ(own->front().licence, "CC-BY-4.0");
  EXPECT_EQ(own->front().licence_url, "");
  EXPECT_EQ(own->front().page_url, "https://example.org/own");
  EXPECT_EQ(own->front().attribution, "Ann, 2020");
  EXPECT_EQ(plain->front().licence, "CC0-1.0");
  EXPECT_EQ(plain->front().licence_url, "https://example.org/cc0");
  EXPECT_EQ(plain->front().attribution, "“plain” by Us, CC0-1.0");
}

TEST_F(CorporaTest, SharedEmbeddedTitlesNameTheCollection) {
  for (const char* name : {"gear.png", "lamp.png", "wheel.png"}) picture(name, {{"Title", "Lemon theme"}});
  picture("scale_feth_arez_01.png", {{"Title", "Lemon theme"}, {"Author", "Feth Arezki"}});
  ASSERT_TRUE(add());
  Corpora all = corpora();
  const auto found = all.search({}, "scale", "", 1);
  ASSERT_TRUE(found && found->size() == 1);
  EXPECT_EQ(found->front().title, "scale");
  EXPECT_EQ(search(all, "lamp"), Names{"lamp.png"});
}

TEST_F(CorporaTest, IndexesAgainOnlyAfterAChange) {
  picture("cat.png");
  ASSERT_TRUE(add());
  EXPECT_EQ(indexed_, 1);
  const std::string before = *corpora().version({});
  EXPECT_EQ(search("cat"), Names{"cat.png"});
  EXPECT_EQ(indexed_, 1);
  picture("dog.png");
  EXPECT_EQ(search("dog"), Names{"dog.png"});
  EXPECT_EQ(indexed_, 2);
  text("dog.txt", "A poodle");
  EXPECT_EQ(search("poodle"), Names{"dog.png"});
  EXPECT_EQ(indexed_, 3);
  EXPECT_NE(*corpora().version({}), before);
}

TEST_F(CorporaTest, SkipsPicturesThatHaveGone) {
  picture("cat_one.png");
  picture("cat_two.png");
  ASSERT_TRUE(add());
  Corpora all = corpora();
  ASSERT_EQ(search(all, "cat").size(), 2U);
  fs::remove(pictures() / "cat_one.png");
  EXPECT_EQ(search(all, "cat"), Names{"cat_two.png"});
}

TEST_F(CorporaTest, NamesAreCheckedAndUnique) {
  picture("cat.png");
  ASSERT_TRUE(add({.name = "mine"}));
  EXPECT_EQ(corpora().list({})->size(), 1U);
  EXPECT_FALSE(add({.name = "../x"}));
  fs::create_directories(folder_.path() / "other");
  const auto taken = corpora().add({}, {.name = "mine", .folder = folder_.path() / "other"});
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("already"));
  EXPECT_EQ(corpora().add({}, {.folder = "/nonexistent"}).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(corpora().remove({}, "mine"));
  EXPECT_EQ(corpora().remove({}, "mine").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(corpora().search({}, "cat", "", 1));
}

TEST_F(CorporaTest, DefaultCorporaCanBeRemovedAndComeBack) {
  picture("cat.png");
  const CorpusSpec stamps{
      .name = "stamps", .folder = fs::canonical(pictures()), .licence = "GPL-2.0-or-later", .packaged = true};
  Corpora all({.folder = data(), .defaults = {stamps}});
  EXPECT_EQ(search(all, "cat"), Names{"cat.png"});
  ASSERT_TRUE(all.remove({}, "stamps"));
  EXPECT_TRUE(all.list({})->empty());
  ASSERT_TRUE(all.add({}, {.folder = pictures()}));
  EXPECT_EQ(all.list({})->front().spec, stamps);
}

TEST_F(CorporaTest, AMissingFolderIsReportedAndSkipped) {
  picture("cat.png");
  ASSERT_TRUE(add());
  fs::rename(pictures(), folder_.path() / "away");
  const auto infos = corpora().list({});
  ASSERT_TRUE(infos && infos->size() == 1);
  EXPECT_FALSE(infos->front().present);
  EXPECT_EQ(corpora().search({}, "cat", "", 1).error().code, ErrorCode::kUnavailable);
}

TEST_F(CorporaTest, AnUnusableDataFolderIsNamed) {
  picture("cat.png");
  ASSERT_TRUE(write_file(folder_.path() / "file", ""));
  Corpora all({.folder = folder_.path() / "file" / "data",
               .defaults = {{.name = "zoo", .folder = pictures(), .packaged = true}}});
  const auto found = all.search({}, "cat", "", 1);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(found.error().message, HasSubstr("Not a directory"));
  EXPECT_THAT(found.error().message, testing::Not(HasSubstr("apt-get")));
}

TEST_F(CorporaTest, DamagedIndexesAreMadeAnew) {
  picture("cat.png");
  ASSERT_TRUE(add());
  const fs::path index = data() / "index" / "zoo.sqlite";
  for (const std::string& damage : {std::string(), std::string("garbage"), read_file(index)->substr(0, 5000)}) {
    ASSERT_TRUE(write_file(index, damage));
    EXPECT_EQ(search("cat"), Names{"cat.png"});
  }
}

TEST_F(CorporaTest, ManyAtOnceIndexOnce) {
  for (int i = 0; i < 50; ++i) picture("cat_" + std::to_string(i) + ".png");
  ASSERT_TRUE(
      write_file(data() / "corpora.json", R"({"added":[{"name":"zoo","folder":")" + pictures().string() + "\"}]}"));
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      // Each process says by its exit code whether it made the index (2) or read another's (1).
      const bool found = search("cat").size() == 10;
      ::_exit(found ? 1 + indexed_ : 0);
    }
    children.push_back(child);
  }
  int made = 0;
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_NE(WEXITSTATUS(status), 0);
    made += WEXITSTATUS(status) - 1;
  }
  EXPECT_EQ(made, 1);
}

TEST_F(CorporaTest, KilledWritersDoNoHarm) {
  for (int i = 0; i < 400; ++i) picture("cat_" + std::to_string(i) + ".png");
  ASSERT_TRUE(
      write_file(data() / "corpora.json", R"({"added":[{"name":"zoo","folder":")" + pictures().string() + "\"}]}"));
  for (const int wait_ms : {1, 5, 10, 20, 30}) {
    const pid_t child = ::fork();
    if (child == 0) {
      (void)search("cat");
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(search("cat").size(), 10U);
    fs::remove(data() / "index" / "zoo.sqlite");
  }
}

TEST_F(CorporaTest, ThreadsShareOneObject) {
  for (int i = 0; i < 20; ++i) picture("cat_" + std::to_string(i) + ".png");
  ASSERT_TRUE(add());
  Corpora all = corpora();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n) good += search(all, "cats").size() == 10 ? 1 : 0;
      });
  }
  EXPECT_EQ(good, 80);
}

TEST_F(CorporaTest, CancelledIndexingSaysSo) {
  picture("cat.png");
  std::stop_source stop;
  stop.request_stop();
  const auto found = corpora().add({.stop = stop.get_token()}, {.folder = pictures()});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->present);
  EXPECT_EQ(corpora().search({.stop = stop.get_token()}, "cat", "", 1).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace llmi::store
