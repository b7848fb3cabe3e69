#include "eval/evaluation.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "eval/testing_answer.h"

namespace llmi::eval {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const Benchmark& llmi_bench() { return benchmarks().front(); }

std::vector<Item> three_items() {
  std::vector<Item> items;
  for (const char* id : {"a", "b", "c"}) items.push_back({.id = id, .prompt = "Foxes", .criteria = {"It is good."}});
  return items;
}

class EvaluationTest : public testing::Test {
 protected:
  Result<std::vector<Sample>> run(const Generate& generate, RecordingJudge* judge = nullptr,
                                  const std::string& judge_name = "j") {
    LLMI_TRY(
        const Setting setting,
        claim(out_, {.benchmark = "llmi-bench", .model = "m", .judge = judge == nullptr ? "" : judge_name, .seed = 7},
              true));
    return evaluate(
        {.seed = 7}, llmi_bench(), three_items(),
        {.setting = setting, .out = out_, .generate = generate, .judge = judge == nullptr ? Judge() : judge->judge()});
  }
  /// Writes for every item but those named; counts the calls.
  Generate writes(const std::string& but = "") {
    return
        [this, but](const RunContext& context, const Item& item, const fs::path& folder) -> Result<document::Document> {
          ++written_;
          if (but.find(item.id) != std::string::npos)
            return fail(ErrorCode::kUnavailable, Origin::kModel, "the model is away");
          return generate(context, Studio({"Foxes of " + item.id + "." + tag_text("search", "fox")}).writer(), item,
                          folder);
        };
  }
  Json results() const { return Json::parse(*read_file(out_ / "results.json")); }

  TemporaryFolder folder_ = *TemporaryFolder::make("llmi-evaluation");
  fs::path out_ = folder_.path() / "out";
  int written_ = 0;
};

TEST_F(EvaluationTest, WritesSamplesResultsReportAndOutput) {
  RecordingJudge judge(2);
  const auto samples = run(writes(), &judge);
  ASSERT_TRUE(samples) << samples.error().message;
  const Json json = results();
  EXPECT_EQ(json["written"], 3);
  EXPECT_EQ(json["measures"]["score"]["value"], 1.0);
  EXPECT_EQ(json["headline"]["score of 10"], 10.0);
  EXPECT_EQ(json["marks"], Json::parse(R"({"asked": 3, "missing": 0})"));
  EXPECT_EQ(Json::parse(*read_file(out_ / "json_results" / "evaluation_results.json")).size(), 3U);
  const std::string report = *read_file(out_ / "report.html");
  for (const char* part : {"Foxes of b.", "runs/b/figures/01-fox.png", "r1: It is good."})
    EXPECT_NE(report.find(part), std::string::npos) << part;
}

TEST_F(EvaluationTest, GoesOnWhereItStopped) {
  ASSERT_TRUE(run(writes("bc")));
  EXPECT_EQ(results()["written"], 1);
  EXPECT_EQ(results()["failed"].size(), 2U);
  EXPECT_EQ(results()["failed"][0]["error"], "the model is away");
  written_ = 0;
  ASSERT_TRUE(run(writes()));
  EXPECT_EQ(written_, 2);
  EXPECT_EQ(results()["written"], 3);
}

TEST_F(EvaluationTest, JudgesWhatWasWrittenBeforeAndWhatAJudgeFailedOn) {
  ASSERT_TRUE(run(writes()));
  int calls = 0;
  RecordingJudge flaky([&](const Question&) -> Result<Verdict> {
    if (++calls == 2) return fail(ErrorCode::kUnavailable, Origin::kModel, "away");
    return Verdict{.marks = {{"score", 1}}};
  });
  ASSERT_TRUE(run(writes(), &flaky));
  EXPECT_EQ(written_, 3);
  EXPECT_EQ(results()["measures"]["score"]["missing"], 1);
  EXPECT_EQ(results()["measures"]["score"]["samples"], 2);
  EXPECT_EQ(results()["measures"]["score"]["value"], 0.5);
  RecordingJudge good(1);
  ASSERT_TRUE(run(writes(), &good));
  EXPECT_EQ(good.asked.size(), 1U);
  EXPECT_EQ(results()["measures"]["score"]["missing"], 0);
  RecordingJudge other(2);
  ASSERT_TRUE(run(writes(), &other, "another"));
  EXPECT_EQ(other.asked.size(), 3U);
}

TEST_F(EvaluationTest, AFolderIsTakenOnceAndForOneSetting) {
  const Setting setting{.benchmark = "isg", .model = "m", .seed = 5};
  ASSERT_TRUE(claim(out_, setting, false));
  EXPECT_FALSE(claim(out_, setting, false));
  EXPECT_EQ(claim(out_, {.benchmark = "isg", .model = "m"}, true)->seed, 5U);
  const auto other = claim(out_, {.benchmark = "isg", .model = "n"}, true);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("model \"m\", this one \"n\""), std::string::npos) << other.error().message;
  ASSERT_TRUE(write_file(folder_.path() / "mine" / "letter.txt", "dear"));
  EXPECT_FALSE(claim(folder_.path() / "mine", setting, true));
}

TEST_F(EvaluationTest, ManyAtOnceGiveTheSame) {
  std::vector<Item> items;
  for (int i = 0; i < 12; ++i) items.push_back({.id = std::to_string(100 + i), .prompt = "Foxes", .criteria = {"a"}});
  const Generate writes_any = [](const RunContext& context, const Item& item, const fs::path& folder) {
    return generate(context, Studio({"Foxes of " + item.id}).writer(), item, folder);
  };
  Evaluation evaluation{.setting = {.benchmark = "llmi-bench", .model = "m", .seed = 1},
                        .out = out_,
                        .concurrency = 4,
                        .generate = writes_any};
  const auto samples = evaluate({}, llmi_bench(), items, evaluation);
  ASSERT_TRUE(samples);
  for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(samples->at(i).id, items[i].id);
  EXPECT_EQ(read_samples(out_)->size(), 12U);
}

TEST_F(EvaluationTest, ComparesPairs) {
  const auto sample = [](const char* id, double score, bool missing) {
    return Sample{.id = id, .measures = {{.name = "score", .sum = score, .missing = missing}}};
  };
  const std::vector<Sample> first{sample("a", 0.5, false), sample("b", 0.25, false), sample("c", 1, false)};
  const std::vector<Sample> second{sample("b", 0.5, false), sample("a", 0.75, false), sample("c", 0, true)};
  const auto rows = compare(first, second, 1);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_DOUBLE_EQ(rows[0].first, 0.375);
  EXPECT_DOUBLE_EQ(rows[0].second, 0.625);
  EXPECT_NEAR(rows[0].difference.low, 0.25, 1e-9);
  EXPECT_EQ(rows[0].samples, 2U);
  EXPECT_EQ(rows[0].missing, 1U);
}

TEST(SampleRecord, ReadsWhatItWrote) {
  const Sample sample{
      .id = "a",
      .group = "g",
      .seed = 9,
      .error = "",
      .judge = "j",
      .measures = {{.name = "x", .sum = 0.5}, {.name = "y", .sum = 2, .weight = 3}, {.name = "z", .missing = true}},
      .marks = {{.name = "r1", .value = 2, .reason = "ü"}, {.name = "r2", .missing = true, .reason = "away"}},
      .judge_calls = {{.prompt_id = "p/1", .reply = "{\"r1\": 2}", .model = "j", .seed = 7},
                      {.prompt_id = "p/1", .error = "away"}}};
  const auto read = sample_from_json(to_json(sample));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->measures, sample.measures);
  EXPECT_EQ(read->marks, sample.marks);
  EXPECT_EQ(read->judge_calls, sample.judge_calls);
  EXPECT_EQ(read->seed, 9U);
  EXPECT_TRUE(read->incomplete());
  EXPECT_FALSE(sample_from_json("{}"));
}

}  // namespace
}  // namespace llmi::eval
