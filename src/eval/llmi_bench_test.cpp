#include "eval/llmi_bench.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "data/leaks.h"
#include "data/material.h"
#include "eval/testing_answer.h"
#include "store/corpus.h"

namespace llmi::eval::llmi_bench {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

ItemPlace place(const fs::path& in) {
  ItemPlace place{.in = in};
  for (const store::CorpusSpec& corpus : store::default_corpora()) place.corpora[corpus.name] = corpus.folder;
  return place;
}

TEST(LlmiBenchItems, AreWhole) {
  const auto items = read(place("prompts/eval/llmi-bench"));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_GE(items->size(), 30U);
  data::ToolSet tools;
  std::set<std::string> languages;
  std::set<std::string_view> kinds;
  for (const Item& item : *items) {
    EXPECT_EQ(item.criteria.size(), 10U) << item.id;
    EXPECT_EQ(std::set(item.criteria.begin(), item.criteria.end()).size(), 10U) << item.id;
    for (const InputImage& image : item.images) EXPECT_TRUE(fs::is_regular_file(image.file)) << image.file;
    tools |= *item.tools;
    languages.insert(item.group);
    kinds.insert(data::picture_kind(item.image_num));
  }
  EXPECT_TRUE(tools.all());
  EXPECT_GE(languages.size(), 5U);
  EXPECT_EQ(kinds.size(), 4U);
  EXPECT_GE(std::ranges::count_if(*items, [](const Item& item) { return !item.images.empty(); }), 10);
}

TEST(LlmiBenchItems, NameNoTool) {
  const auto items = read(place("prompts/eval/llmi-bench"));
  const auto material = data::read_material("prompts/data");
  ASSERT_TRUE(items && material);
  for (const Item& item : *items) {
    EXPECT_EQ(data::find_leak(item.prompt, material->leaks), std::nullopt) << item.id;
    for (const std::string& criterion : item.criteria)
      EXPECT_EQ(data::find_leak(criterion, material->leaks), std::nullopt) << item.id << ": " << criterion;
  }
}

class LlmiBench : public testing::Test {
 protected:
  std::vector<Item> read_text(const std::string& text) {
    EXPECT_TRUE(write_file(folder_.path() / "items.json", text));
    auto items = read({.in = folder_.path() / "items.json"});
    EXPECT_TRUE(items) << items.error().message;
    return items.value_or(std::vector<Item>());
  }
  TemporaryFolder folder_ = *TemporaryFolder::make("llmi-bench");
};

TEST_F(LlmiBench, ReadsThePublishedShape) {
  const auto items = read_text(R"([{"prompt": "Volcano", "r1": "a", "r3": "c"},
                                   {"prompt": "Fox <image>", "images": ["fox.png"], "r1": "x"}])");
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].criteria, (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(items[1].images.at(0).file, folder_.path() / "fox.png");
  EXPECT_EQ(items[1].tools, std::nullopt);
}

TEST_F(LlmiBench, NamesTheItemThatCannotBeRead) {
  ASSERT_TRUE(write_file(folder_.path() / "items.json", R"([{"prompt": "a"}, {"r1": "b"}])"));
  const auto items = read({.in = folder_.path() / "items.json"});
  ASSERT_FALSE(items);
  EXPECT_NE(items.error().message.find("items.json, item 2"), std::string::npos) << items.error().message;
}

TEST_F(LlmiBench, AsksOncePerCriterionAndShowsNoTags) {
  const auto items = read_text(R"([{"prompt": "Foxes", "r1": "It is red.", "r2": "It has a fox."}])");
  const WrittenAnswer written(items[0], "Look:" + tag_text("search", "fox") + tag_text("code", "broken") + "End.");
  RecordingJudge recorder(1);
  const Judge asks = recorder.judge();
  const RunContext context{.seed = 1};
  JudgeSession session(context, asks);
  const auto judged = judge(session, {}, items[0], written.get());
  ASSERT_TRUE(judged) << judged.error().message;
  ASSERT_EQ(recorder.asked.size(), 2U);
  const Question& question = recorder.asked[1];
  EXPECT_NE(question.content.find("It has a fox."), std::string::npos);
  EXPECT_EQ(question.content.find("It is red."), std::string::npos);
  EXPECT_EQ(question.content.find("imgen"), std::string::npos);
  EXPECT_EQ(question.content.find("search"), std::string::npos);
  EXPECT_NE(question.content.find("[picture 1]"), std::string::npos);
  EXPECT_NE(question.content.find("[a picture that could not be made]"), std::string::npos);
  EXPECT_EQ(question.pictures.size(), 1U);
  EXPECT_DOUBLE_EQ(measure_named(judged->measures, "score").sum, 0.5);
}

TEST_F(LlmiBench, AFailedMarkIsMissingAndNeverAveraged) {
  const auto items = read_text(R"([{"prompt": "Foxes", "r1": "a", "r2": "b"}])");
  const WrittenAnswer written(items[0], "Foxes.");
  int call = 0;
  RecordingJudge recorder([&](const Question&) -> Result<Verdict> {
    if (++call == 2) return fail(ErrorCode::kUnavailable, Origin::kModel, "the judge is away");
    return Verdict{.marks = {{"score", 2}}, .reason = "good"};
  });
  const Judge asks = recorder.judge();
  const RunContext context{.seed = 1};
  JudgeSession session(context, asks);
  auto judged = judge(session, {}, items[0], written.get());
  ASSERT_TRUE(judged);
  EXPECT_TRUE(measure_named(judged->measures, "score").missing);
  EXPECT_DOUBLE_EQ(measure_named(judged->measures, "score_lowest").sum, 0.5);
  EXPECT_DOUBLE_EQ(measure_named(judged->measures, "score_highest").sum, 1);

  const Sample sample{.id = "items-001", .marks = judged->marks};
  const std::vector<Finished> finished{{.number = 1, .item = items[0], .sample = sample, .answer = written.get()}};
  ASSERT_TRUE(write({}, folder_.path(), "m", finished));
  const Json results = Json::parse(*read_file(folder_.path() / "json_results" / "evaluation_results.json"));
  EXPECT_EQ(results, Json::parse(R"([{"sample_index": 1, "prompt": "Foxes", "answer": "Foxes.",
      "scores": {"r1": 2, "r2": -1}, "justifications": {"r1": "good", "r2": "the judge is away"}}])"));
}

TEST_F(LlmiBench, AMarkBeyondTheScaleIsMissing) {
  const auto items = read_text(R"([{"prompt": "Foxes", "r1": "a"}])");
  const WrittenAnswer written(items[0], "Foxes.");
  RecordingJudge recorder(3);
  const Judge asks = recorder.judge();
  const RunContext context{.seed = 1};
  JudgeSession session(context, asks);
  const auto judged = judge(session, {}, items[0], written.get());
  ASSERT_TRUE(judged);
  EXPECT_TRUE(judged->marks.at(0).missing);
}

}  // namespace
}  // namespace llmi::eval::llmi_bench
