#include <nlohmann/json.hpp>

#include "eval/mmie.h"
#include "eval/testing_answer.h"
#include "eval/tvir.h"
#include "eval/ueval.h"

namespace llmi::eval {
namespace {

using Json = nlohmann::json;

class Exporters : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) {
    EXPECT_TRUE(write_file(folder_.path() / name, text));
    return folder_.path() / name;
  }
  static std::vector<Finished> finished(const Item& item, const Sample& sample, const WrittenAnswer& written) {
    return {{.number = 1, .item = item, .sample = sample, .answer = written.get()}};
  }
  TemporaryFolder folder_ = *TemporaryFolder::make("llmi-exporters");
};

TEST_F(Exporters, UevalJudgesTextAndPicturesApart) {
  const auto items = ueval::read({.in = file("ueval.json", R"([{"id": 4, "prompt": "Foxes", "task": "art",
      "text_rubrics": ["It is red.", "It is short."], "image_rubrics": ["There is a fox."]}])")});
  ASSERT_TRUE(items) << items.error().message;
  const Item& item = items->at(0);
  const WrittenAnswer written(item, "Red." + tag_text("search", "fox") + "Quick.");
  RecordingJudge recorder([](const Question& question) -> Result<Verdict> {
    return Verdict{.marks = {{"met", question.content.find("It is short.") == std::string::npos ? 1 : 0}}};
  });
  const Judge asks = recorder.judge();
  const RunContext context{.seed = 1};
  JudgeSession session(context, asks);
  const auto judged = ueval::judge(session, {}, item, written.get());
  ASSERT_TRUE(judged) << judged.error().message;
  EXPECT_DOUBLE_EQ(measure_named(judged->measures, "text_rate").sum, 0.5);
  EXPECT_DOUBLE_EQ(measure_named(judged->measures, "image_rate").sum, 1);
  EXPECT_EQ(recorder.asked[0].pictures.size(), 0U);
  EXPECT_EQ(recorder.asked[2].pictures.size(), 1U);
  EXPECT_EQ(recorder.asked[2].content.find("Quick."), std::string::npos);

  const Sample sample{.id = item.id};
  ASSERT_TRUE(ueval::write({}, folder_.path(), "m", finished(item, sample, written)));
  const Json output = Json::parse(*read_file(folder_.path() / "ueval_output.json"));
  EXPECT_EQ(output[0]["id"], 4);
  EXPECT_EQ(output[0]["text_answer"], "Red.\n\nQuick.");
  ASSERT_EQ(output[0]["image_answer"].size(), 1U);
  EXPECT_TRUE(read_file(output[0]["image_answer"][0].get<std::string>()));
}

TEST_F(Exporters, MmieWritesTheFolderOfItsScorer) {
  file("images/q.png", DrawingTool::picture().bytes);
  const auto items = mmie::read({.in = file("data.json", R"([{"id": "SA-1", "question": [{"text": "What is it?",
      "image": "images/q.png"}], "gt_answer": [{"text": "A fox.", "image": null}]}])")});
  ASSERT_TRUE(items) << items.error().message;
  const Item& item = items->at(0);
  EXPECT_EQ(item.prompt, "What is it?<image>");
  EXPECT_EQ(item.group, "SA");
  const WrittenAnswer written(item, "A fox." + tag_text("search", "fox"));
  const Sample sample{.id = item.id};
  ASSERT_TRUE(mmie::write({}, folder_.path(), "m", finished(item, sample, written)));
  const auto out = folder_.path() / "mmie";
  const Json data = Json::parse(*read_file(out / "data.json"));
  EXPECT_EQ(data[0]["model"], "m");
  EXPECT_EQ(data[0]["gt_answer"][0]["text"], "A fox.");
  EXPECT_EQ(data[0]["answer"], Json::parse(R"([{"text": "A fox.", "image": "images/SA-1-01-fox.png"}])"));
  EXPECT_TRUE(read_file(out / "images" / "SA-1-01-fox.png"));
  EXPECT_TRUE(read_file(out / "images" / "q.png"));
}

TEST_F(Exporters, TvirWritesReportsWithChartsAndImages) {
  const auto items = tvir::read({.in = file("query.json", R"([{"id": "000001", "query": "A report on foxes",
      "checklist": {"Scope": ["Does it name foxes?"], "Data": ["Is there a chart?", "Are there sources?"]}}])")});
  ASSERT_TRUE(items) << items.error().message;
  const Item& item = items->at(0);
  EXPECT_EQ(item.criteria.size(), 3U);
  const WrittenAnswer written(item, "Foxes." + tag_text("code", "chart") + tag_text("search", "fox"));
  RecordingJudge recorder(1);
  const Judge asks = recorder.judge();
  const RunContext context{.seed = 1};
  JudgeSession session(context, asks);
  const auto judged = tvir::judge(session, {}, item, written.get());
  ASSERT_TRUE(judged);
  EXPECT_DOUBLE_EQ(measure_named(judged->measures, "checklist").sum, 0.5);
  const Sample sample{.id = item.id};
  ASSERT_TRUE(tvir::write({}, folder_.path(), "org/m", finished(item, sample, written)));
  const auto report = folder_.path() / "reports" / "org-m" / "000001";
  const std::string markdown = *read_file(report / "report.md");
  EXPECT_NE(markdown.find("](charts/01-chart.png)"), std::string::npos) << markdown;
  EXPECT_NE(markdown.find("](images/02-fox.png)"), std::string::npos) << markdown;
  EXPECT_TRUE(read_file(report / "charts" / "01-chart.png"));
}

}  // namespace
}  // namespace llmi::eval
