#include "eval/opening.h"

#include <nlohmann/json.hpp>

#include "eval/testing_answer.h"

namespace llmi::eval::opening {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kItem =
    R"({"total_uid": "0101001", "meta_task_id": "01", "meta_task_name": "Story", "subtask_id": "01", )"
    R"("subtask_name": "Picture story", "data_id": "001", "conversations": [{"input": [)"
    R"({"text": "Tell a story.<BEGIN>A fox", "image": null}, {"text": "<image> and a den", "image": "i/0101001-i-0.jpg"}]}, )"
    R"({"output": [{"text": "One", "image": "o/0101001-o-0.jpg"}, {"text": "Two", "image": null}, {"text": "Three", )"
    R"("image": "o/0101001-o-1.jpg"}]}]})";

class Opening : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_file(folder_.path() / "test_data.jsonl", std::string(kItem) + "\n"));
    ASSERT_TRUE(write_file(folder_.path() / "i" / "0101001-i-0.jpg", DrawingTool::picture().bytes));
    const auto items = read({.in = folder_.path()});
    ASSERT_TRUE(items) << items.error().message;
    item_ = items->at(0);
  }
  TemporaryFolder folder_ = *TemporaryFolder::make("llmi-opening");
  Item item_;
};

TEST_F(Opening, ReadsStepsAsAPromptWithMarks) {
  EXPECT_EQ(item_.id, "0101001");
  EXPECT_EQ(item_.prompt, "Tell a story.\nA fox\n<image> and a den");
  EXPECT_EQ(item_.images.at(0).file, folder_.path() / "i" / "0101001-i-0.jpg");
  EXPECT_EQ(item_.structure, "titi");
}

TEST_F(Opening, WritesOneTextAndAtMostOnePictureAStep) {
  const WrittenAnswer written(item_, tag_text("search", "first") + "Once.\n\nUpon." + tag_text("search", "a") +
                                         tag_text("diffusion", "b") + tag_text("search", "broken") + "End.");
  const Sample sample{.id = item_.id};
  const std::vector<Finished> finished{{.number = 1, .item = item_, .sample = sample, .answer = written.get()}};
  const auto wrote = write({}, folder_.path(), "org/model", finished);
  ASSERT_TRUE(wrote) << wrote.error().message;
  const fs::path out = folder_.path() / "gen_outputs" / "org-model_output";
  const Json item = Json::parse(*read_file(out / "0101001.json"));
  EXPECT_EQ(item["conversations"][1]["output"], Json::parse(R"([{"text": "", "image": "0101001-o-0.jpg"},
      {"text": "Once.\n\nUpon.", "image": "0101001-o-1.jpg"}, {"text": "", "image": "0101001-o-2.jpg"},
      {"text": "End.", "image": null}])"));
  EXPECT_EQ(item["conversations"][0], Json::parse(kItem)["conversations"][0]);
  EXPECT_EQ(item["meta_task_name"], "Story");
  // Readers of the published scorer take the ending at its word.
  for (const char* name : {"0101001-o-0.jpg", "0101001-o-1.jpg", "0101001-o-2.jpg"})
    EXPECT_TRUE(read_file(out / name)->starts_with("\xFF\xD8\xFF")) << name;
}

TEST_F(Opening, MarksSevenCriteriaInOneCall) {
  const WrittenAnswer written(item_, "Once." + tag_text("search", "fox"));
  RecordingJudge recorder(8);
  const Judge asks = recorder.judge();
  const RunContext context{.seed = 1};
  JudgeSession session(context, asks);
  const auto judged = judge(session, {}, item_, written.get());
  ASSERT_TRUE(judged) << judged.error().message;
  ASSERT_EQ(recorder.asked.size(), 1U);
  EXPECT_EQ(recorder.asked[0].scales.size(), 7U);
  EXPECT_EQ(recorder.asked[0].pictures.size(), 2U);
  std::vector<SummaryRow> rows;
  for (const Measure& measure : judged->measures) rows.push_back({.name = measure.name, .value = 8, .samples = 1});
  EXPECT_EQ(headline(rows), (std::vector<std::pair<std::string, double>>{{"overall", 8.0}}));
  rows[3].value = 5.5;
  EXPECT_DOUBLE_EQ(headline(rows).at(0).second, 7.64);
  rows[3].samples = 0;
  EXPECT_TRUE(headline(rows).empty());
}

}  // namespace
}  // namespace llmi::eval::opening
