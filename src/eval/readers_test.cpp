#include <nlohmann/json.hpp>

#include "eval/atp.h"
#include "eval/in_domain.h"
#include "eval/testing_answer.h"

namespace llmi::eval {
namespace {

using Json = nlohmann::json;

class Readers : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& text) {
    EXPECT_TRUE(write_file(folder_.path() / "items.jsonl", text));
    return folder_.path() / "items.jsonl";
  }
  TemporaryFolder folder_ = *TemporaryFolder::make("llmi-readers");
};

std::string row(const std::string& id, const std::string& split) {
  return R"({"prompt": [{"role": "user", "content": "Bees <image>"}], "images": ["bee.png"], "data_source": )"
         R"("interleaved_mm", "extra_info": {"split": ")" +
         split + R"(", "index": 0, "image_num": 2, "tools": ["search", "code"], "question": "Bees", "id": ")" + id +
         R"(", "domain": "nature"}})" + "\n";
}

TEST_F(Readers, InDomainTakesTheTestRows) {
  const auto items = in_domain::read({.in = file(row("a/1", "train") + row("b/2", "test"))});
  ASSERT_TRUE(items) << items.error().message;
  ASSERT_EQ(items->size(), 1U);
  const Item& item = items->at(0);
  EXPECT_EQ(item.id, "b-2");
  EXPECT_EQ(item.image_num, 2);
  EXPECT_EQ(data::print_tools(*item.tools), "search+code");
  EXPECT_EQ(item.prompt, "Bees <image>");
  EXPECT_EQ(item.images.at(0).file, folder_.path() / "bee.png");
  EXPECT_EQ(item.group, "nature");
}

TEST_F(Readers, InDomainSaysThatNoRowIsOfTheTestSplit) {
  const auto items = in_domain::read({.in = file(row("a", "train"))});
  ASSERT_FALSE(items);
  EXPECT_NE(items.error().message.find("no row whose extra_info.split is test"), std::string::npos);
}

TEST_F(Readers, AnIdOccursOnce) {
  const auto items = in_domain::read({.in = file(row("a", "test") + row("a", "test"))});
  ASSERT_FALSE(items);
  EXPECT_NE(items.error().message.find("item 2: its id a occurs twice"), std::string::npos);
}

TEST_F(Readers, PicturesMayBeDataUrisAndLieInCollections) {
  const ItemPlace place{.in = "", .corpora = {{"stamps", "/usr/stamps"}}};
  EXPECT_EQ(find_image("data:image/png;base64,YWJj", "/x", place)->bytes, "abc");
  EXPECT_EQ(find_image("stamps/animals/fox.png", "/x", place)->file, "/usr/stamps/animals/fox.png");
  EXPECT_EQ(find_image("other/fox.png", "/x", place)->file, "/x/other/fox.png");
  EXPECT_FALSE(find_image("data:image/png,abc", "/x", place));
}

TEST_F(Readers, AtpMarksThePlan) {
  const auto items = atp::read({.in = file(R"({"id": 7, "query": "Foxes", "category": "travel"})"
                                           "\n")});
  ASSERT_TRUE(items) << items.error().message;
  const Item& item = items->at(0);
  EXPECT_EQ(item.id, "7");
  const WrittenAnswer written(item, "Foxes." + tag_text("search", "fox") + tag_text("code", "chart"), true);
  RecordingJudge recorder(1);
  const Judge asks = recorder.judge();
  const RunContext context{.seed = 1};
  JudgeSession session(context, asks);
  const auto judged = atp::judge(session, {}, item, written.get());
  ASSERT_TRUE(judged) << judged.error().message;
  const Measure success = measure_named(judged->measures, "call_success");
  EXPECT_DOUBLE_EQ(success.sum / success.weight, 0.5);
  EXPECT_NE(recorder.asked[0].content.find("[call 2: {\"source\": \"code\""), std::string::npos);

  const Sample sample{.id = item.id};
  const std::vector<Finished> finished{{.number = 1, .item = item, .sample = sample, .answer = written.get()}};
  ASSERT_TRUE(atp::write({}, folder_.path(), "m", finished));
  const Json line = Json::parse(*read_file(folder_.path() / "plans.jsonl"));
  EXPECT_EQ(line["calls"].size(), 2U);
  EXPECT_EQ(line["calls"][0]["params"]["query"], "q");
}

}  // namespace
}  // namespace llmi::eval
