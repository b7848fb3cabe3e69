#include "eval/isg.h"

#include <nlohmann/json.hpp>

#include "eval/testing_answer.h"

namespace llmi::eval::isg {
namespace {

using Json = nlohmann::json;

constexpr const char* kItem =
    R"({"id": "0000", "Category": "Prediction", "Query": [{"type": "text", "content": "What comes next?"}, )"
    R"({"type": "image", "content": "images/0000_q1.png"}], "Golden": [{"type": "text", "content": "They wash."}, )"
    R"({"type": "image", "content": "images/0000_g1.png"}, {"type": "image", "content": "images/0000_g2.png"}], )"
    R"("predict": {"structural": {"Query": ["<query_text1>", "<query_img1>"], "Answer": ["<gen_text1>", "<gen_img1>", )"
    R"("<gen_img2>"]}, "block_qa": {"questions": [{"subject": "<gen_text1>", "object": "<query_img1>", "relation": )"
    R"("describes", "Question": "Does <gen_text1> describe this image?"}, {"subject": "<gen_img1>", "object": )"
    R"("<gen_img2>", "relation": "comes before", "Question": "Does <gen_img1> come before <gen_img2>?"}]}, )"
    R"("image_qa": {"questions": [{"image": "<gen_img1>", "Question": "Are there hands?", "id": 0, "Preliminary": []}, )"
    R"({"image": "<gen_img1>", "Question": "Are the hands wet?", "id": 1, "Preliminary": [0]}, )"
    R"({"image": "<gen_img2>", "Question": "Is there a towel?", "id": 2, "Preliminary": []}, )"
    R"({"image": "<gen_img2>", "Question": "Is the towel used?", "id": 3, "Preliminary": [1, 2]}]}}})";

class Isg : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_file(folder_.path() / "ISG-Bench.jsonl", std::string(kItem) + "\n"));
    for (const char* name : {"0000_q1.png", "0000_g1.png", "0000_g2.png"})
      ASSERT_TRUE(write_file(folder_.path() / "images" / name, DrawingTool::picture().bytes));
    const auto items = read({.in = folder_.path()});
    ASSERT_TRUE(items) << items.error().message;
    item_ = items->at(0);
  }
  std::string right() const { return "They wash." + tag_text("search", "a") + tag_text("search", "b"); }

  Judged judged(RecordingJudge& recorder, const std::string& answer, const Rules& rules = {}) {
    const WrittenAnswer written(item_, answer);
    const Judge asks = recorder.judge();
    const RunContext context{.seed = 1};
    JudgeSession session(context, asks);
    auto result = judge(session, rules, item_, written.get());
    EXPECT_TRUE(result) << result.error().message;
    return result ? *result : Judged();
  }
  static double value(const Judged& judged, const std::string& name) {
    return measure_named(judged.measures, name).sum;
  }
  TemporaryFolder folder_ = *TemporaryFolder::make("llmi-isg");
  Item item_;
};

/// Yes to every question but those that hold `no`; 6 for the blocks, 7 for the whole.
RecordingJudge judge_who_denies(const std::string& no) {
  return RecordingJudge([no](const Question& question) -> Result<Verdict> {
    Verdict verdict{.reason = "seen"};
    for (const Scale& scale : question.scales)
      verdict.marks[scale.name] = scale.name == "yes"     ? (question.content.find(no) == std::string::npos ? 1 : 0)
                                  : scale.name == "score" ? 6
                                                          : 7;
    return verdict;
  });
}

TEST_F(Isg, ReadsQueryAndGolden) {
  EXPECT_EQ(item_.prompt, "What comes next?\n<image>");
  EXPECT_EQ(item_.structure, "tii");
  EXPECT_EQ(item_.group, "Prediction");
}

TEST_F(Isg, FourLevels) {
  RecordingJudge recorder = judge_who_denies("no such words");
  const Judged result = judged(recorder, right());
  EXPECT_DOUBLE_EQ(value(result, "structure"), 1);
  EXPECT_DOUBLE_EQ(value(result, "image"), 1);
  EXPECT_DOUBLE_EQ(value(result, "block"), 6);
  EXPECT_DOUBLE_EQ(value(result, "holistic"), 7);
  ASSERT_EQ(recorder.asked.size(), 4U + 2 + 1);
  EXPECT_NE(recorder.asked[4].content.find("Does the first block describe this image?"), std::string::npos);
  EXPECT_EQ(recorder.asked[6].pictures.size(), 1U + 2 + 2) << recorder.asked[6].content;
}

TEST_F(Isg, AQuestionIsNotAskedWhenTheOneItBuildsOnWasDenied) {
  RecordingJudge recorder = judge_who_denies("Are there hands?");
  const Judged result = judged(recorder, right());
  // No hands: neither wet ones (1) nor, through those, a used towel (3).
  EXPECT_DOUBLE_EQ(value(result, "image"), 0.25);
  EXPECT_EQ(recorder.asked.size(), 2U + 2 + 1);
}

TEST_F(Isg, AsPublishedChainedQuestionsNeverCount) {
  RecordingJudge recorder = judge_who_denies("no such words");
  const Judged result = judged(recorder, right(), {.as_published = true});
  EXPECT_DOUBLE_EQ(value(result, "image"), 0.5);
  EXPECT_DOUBLE_EQ(value(result, "block"), 6);
  EXPECT_EQ(recorder.asked.size(), 2U + 2 * 2 + 1);
}

TEST_F(Isg, TheWrongStructureGatesImageAndBlock) {
  RecordingJudge recorder(7);
  const Judged result = judged(recorder, "They wash." + tag_text("search", "a") + "And dry." + tag_text("search", "b"));
  EXPECT_DOUBLE_EQ(value(result, "structure"), 0);
  EXPECT_DOUBLE_EQ(value(result, "image"), 0);
  EXPECT_DOUBLE_EQ(value(result, "block"), 1);
  EXPECT_DOUBLE_EQ(value(result, "holistic"), 7);
  EXPECT_EQ(recorder.asked.size(), 1U);
}

TEST_F(Isg, AnOutageIsMissingAndOnlyAsPublishedTheWorstMark) {
  const auto away = [](const Question&) -> Result<Verdict> {
    return fail(ErrorCode::kUnavailable, Origin::kModel, "away");
  };
  RecordingJudge recorder(away);
  const Judged ours = judged(recorder, right());
  for (const char* level : {"image", "block", "holistic"}) EXPECT_TRUE(measure_named(ours.measures, level).missing);
  RecordingJudge again(away);
  const Judged published = judged(again, right(), {.as_published = true});
  EXPECT_FALSE(measure_named(published.measures, "holistic").missing);
  EXPECT_DOUBLE_EQ(value(published, "image"), 0);
  EXPECT_DOUBLE_EQ(value(published, "block"), 1);
  EXPECT_DOUBLE_EQ(value(published, "holistic"), 1);
}

TEST_F(Isg, WritesTheItemWithItsOutput) {
  const WrittenAnswer written(item_, right());
  const Sample sample{.id = item_.id};
  const std::vector<Finished> finished{{.number = 1, .item = item_, .sample = sample, .answer = written.get()}};
  ASSERT_TRUE(write({}, folder_.path(), "m", finished));
  const Json line = Json::parse(*read_file(folder_.path() / "isg_output.jsonl"));
  ASSERT_EQ(line["output"].size(), 3U);
  EXPECT_EQ(line["output"][0], Json::parse(R"({"type": "text", "content": "They wash."})"));
  EXPECT_EQ(line["output"][1]["type"], "image");
  EXPECT_TRUE(read_file(line["output"][2]["content"].get<std::string>()));
  EXPECT_EQ(line["Golden"], Json::parse(kItem)["Golden"]);
  EXPECT_EQ(line["Query"], Json::parse(kItem)["Query"]);
}

}  // namespace
}  // namespace llmi::eval::isg
