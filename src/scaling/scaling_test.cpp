#include "scaling/scaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/file.h"
#include "base/random.h"
#include "document/builder.h"
#include "document/json.h"
#include "scaling/reward_selector.h"
#include "scaling/scaling_test_stage.h"
#include "store/cache.h"

namespace llmi::scaling {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::uint64_t kSeed = 7;

const std::string kPlain = "# Foxes\n\nA fox.\n\n" + search_tag("A fox", "fox") + "\n";
const std::string kBetter = "# Foxes\n\nThe red fox lives in woods and fields, and hunts mice at night.\n\n" +
                            search_tag("The red fox", "fox") + "\n\nIn winter its fur grows thick and warm.\n";
const std::string kInvalid = kBetter + "\n<imgen>{nonsense}</imgen>\n";

class ScalingTest : public testing::Test {
 protected:
  ScalingTest() { task.prompt = "Foxes"; }

  /// What the model answers to the candidate of this number; the last answer for all further ones.
  std::string answer_for(std::uint64_t seed) const {
    for (std::size_t i = 1; i < answers.size(); ++i) {
      if (seed == derived_seed(kSeed, i)) return answers[i];
    }
    return answers.front();
  }

  Scaled write() {
    Budget budget(task.limits);
    const Means means{.budget = budget, .selector = selector, .chooser = chooser};
    events.clear();
    const agent::Services services{.model = &model, .tools = {&search, &code, &edit}};
    auto scaled = scaling::write({.deadline = deadline, .seed = kSeed}, services, task, options, means,
                                 [&](const document::Event& event) { events.push_back(event); });
    return std::move(scaled).value();
  }

  std::string plain_answer() {
    const agent::Services services{.model = &model, .tools = {&search, &code, &edit}};
    return agent::write({.seed = kSeed}, services, task, [](const document::Event&) {})->document.answer;
  }

  /// The document that a reader of the events puts together.
  document::Document folded() const {
    document::Builder builder;
    for (const document::Event& event : events) builder.add(event);
    return builder.build();
  }

  static const StepReport* step(const Scaled& scaled, Step which) {
    for (const StepReport& one : scaled.scale.steps) {
      if (one.step == which) return &one;
    }
    return nullptr;
  }

  std::vector<std::string> answers{kPlain};
  std::map<std::string, std::string> repairs;  ///< By a word of the request.
  std::string polished = "nothing of use";
  ReplyingModel model{[this](std::uint64_t seed, const lm::GenerateRequest& request) {
    if (is_polish(request)) return polished;
    if (!is_repair(request)) return answer_for(seed);
    for (const auto& [word, reply] : repairs) {
      if (request.messages.back().text.find(word) != std::string::npos) return reply;
    }
    return std::string("no tag");
  }};
  PlainTool search{tag::Source::kSearch};
  PlainTool code{tag::Source::kCode};
  PlainTool edit{tag::Source::kEdit};
  RewardSelector selector;
  TitleChooser chooser;
  agent::Task task;
  Options options;
  Deadline deadline;
  std::vector<document::Event> events;
};

TEST_F(ScalingTest, WithoutAStageItIsThePlainDocument) {
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.document.answer, plain_answer());
  EXPECT_EQ(scaled.report.document.seed, kSeed);
  EXPECT_EQ(scaled.scale.steps.size(), 1U);
  EXPECT_EQ(model.calls, 2U);
  EXPECT_EQ(folded().blocks.size(), scaled.report.document.blocks.size());
}

TEST_F(ScalingTest, WithoutSelectionTheFirstAnswerStays) {
  answers = {kPlain, kBetter};
  options.candidates = 2;
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.document.answer, kPlain);
  EXPECT_EQ(scaled.report.document.seed, kSeed);
  EXPECT_EQ(scaled.report.document.usage.model_calls, 2U);
  EXPECT_EQ(search.called.size(), 1U);
}

TEST_F(ScalingTest, SelectionTakesTheBestAndRunsOnlyItsTools) {
  answers = {kPlain, kPlain, kBetter};
  options = {.candidates = 3, .select = true};
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.document.answer, kBetter);
  EXPECT_EQ(scaled.report.document.seed, derived_seed(kSeed, 2));
  EXPECT_EQ(search.called.size(), 1U);
  const StepReport* select = step(scaled, Step::kSelect);
  EXPECT_GT(*select->after, *select->before);
  EXPECT_TRUE(scaled.scale.candidates[2].chosen);
  EXPECT_EQ(folded().answer, kBetter);
}

TEST_F(ScalingTest, ValidationDropsWhatCannotRun) {
  answers = {kInvalid, kPlain};
  options = {.candidates = 2, .validate = true};
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.document.answer, kPlain);
  EXPECT_TRUE(scaled.scale.candidates[0].dropped);
  EXPECT_EQ(step(scaled, Step::kValidate)->note, "1 of 2 dropped");
}

TEST_F(ScalingTest, ValidationCountsThePicturesThatWereAskedFor) {
  answers = {kPlain, kPlain + search_tag("Another", "wolf")};
  task.figures = {agent::FigureCount::Kind::kExactly, 2};
  options = {.candidates = 2, .validate = true};
  EXPECT_EQ(write().report.document.answer, answers[1]);
}

TEST_F(ScalingTest, WhereNoneIsValidAllStay) {
  answers = {kInvalid, kInvalid};
  task.limits.max_repairs = 0;
  options = {.candidates = 2, .validate = true, .select = true};
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.document.answer, kInvalid);
  EXPECT_EQ(step(scaled, Step::kValidate)->note, "none is valid: all stay");
}

TEST_F(ScalingTest, TheNextPlanIsMadeWhereTheBestOneFails) {
  const std::string tempting =
      kBetter + "\nMore words of the fox in spring.\n\n" + code_tag("The fox in spring", "broken") + "\n";
  answers = {kPlain, tempting, kBetter};
  task.limits.max_repairs = 0;
  options = {.candidates = 3, .select = true};
  const Scaled scaled = write();
  EXPECT_GT(scaled.scale.candidates[1].score, scaled.scale.candidates[2].score);
  EXPECT_EQ(scaled.report.document.answer, kBetter);
  EXPECT_TRUE(scaled.scale.candidates[2].chosen);
}

TEST_F(ScalingTest, CandidatesLeaveTheMoneyForThePictures) {
  PlainTool dear(tag::Source::kSearch, 1.0);
  const std::size_t answer_tokens = (kPlain.size() + 3) / 4;
  const double answer_price = 0.01 * static_cast<double>(answer_tokens);
  task.prices.completion = 10'000;
  task.limits.max_cost = 2.5 * answer_price + 1;
  options = {.candidates = 5, .select = true};
  Budget budget(task.limits);
  const Means means{.budget = budget, .selector = selector, .chooser = chooser};
  const auto scaled = scaling::write({.seed = kSeed}, {.model = &model, .tools = {&dear}}, task, options, means,
                                     [](const document::Event&) {});
  EXPECT_EQ(scaled->scale.candidates.size(), 2U);
  EXPECT_NE(std::get<document::FigureBlock>(scaled->report.document.blocks[1]).ready(), nullptr);
  EXPECT_DOUBLE_EQ(*scaled->report.document.usage.cost, 2 * answer_price + 1);
}

TEST(Version, PicturesThatAreTheSameKeepHowTheyWereMade) {
  const auto version_with = [](const std::string& sha256, std::chrono::milliseconds duration) {
    document::ReadyFigure figure{.file = "figures/01-fox.png", .sha256 = sha256};
    figure.provenance.duration = duration;
    Version version{.made = true};
    version.events.push_back({.body = document::FigureReady{.index = 0, .figure = figure}});
    return version;
  };
  const auto duration_of = [](const Version& version) {
    return ready_figures(version).at(0).figure.provenance.duration.count();
  };
  const Version earlier = version_with("a", std::chrono::milliseconds(5));
  Version same = version_with("a", std::chrono::milliseconds(0));
  Version other = version_with("b", std::chrono::milliseconds(0));
  EXPECT_EQ(take_over(same, earlier), 0U);
  EXPECT_EQ(duration_of(same), 5);
  EXPECT_EQ(take_over(other, earlier), 1U);
  EXPECT_EQ(duration_of(other), 0);
}

TEST_F(ScalingTest, EnhancementFindsBetterPictures) {
  search.titles = {"wolf", "fox"};
  options.enhance = true;
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.document.answer, kPlain);
  const auto figure = std::get<document::FigureBlock>(folded().blocks[1]);
  EXPECT_EQ(figure.ready()->provenance.title, "fox");
  EXPECT_EQ(step(scaled, Step::kEnhance)->note, "taken: 1 new picture");
  EXPECT_EQ(search.called.size(), 3U);
}

TEST_F(ScalingTest, EnhancementLeavesWhatIsGood) {
  search.titles = {"fox", "wolf"};
  options.enhance = true;
  const Scaled scaled = write();
  EXPECT_EQ(step(scaled, Step::kEnhance)->note, "nothing better was found");
  EXPECT_EQ(std::get<document::FigureBlock>(folded().blocks[1]).ready()->provenance.title, "fox");
}

TEST_F(ScalingTest, EnhancementRepairsWhatOneRepairDidNot) {
  answers = {"# Bars\n\nBars.\n\n" + code_tag("Bars", "broken 1") + "\n"};
  repairs = {{"broken 1", code_tag("Bars", "broken 2")}, {"broken 2", code_tag("Bars", "good")}};
  EXPECT_EQ(write().report.document.usage.model_calls, 2U);
  EXPECT_EQ(std::get<document::FigureBlock>(folded().blocks[1]).ready(), nullptr);
  code.called.clear();
  options.enhance = true;
  const Scaled scaled = write();
  EXPECT_NE(std::get<document::FigureBlock>(folded().blocks[1]).ready(), nullptr);
  EXPECT_GT(*step(scaled, Step::kEnhance)->after, *step(scaled, Step::kEnhance)->before);
  // Each program ran once, and each question was asked once, though two sessions were held.
  EXPECT_EQ(code.called.size(), 3U);
  EXPECT_EQ(scaled.report.document.usage.model_calls, 3U);
}

TEST_F(ScalingTest, EnhancementTriesEditsAgain) {
  answers = {kPlain + "\n" + tag::print({"A grey fox", tag::EditParams{0, "shaky"}}) + "\n"};
  task.limits.max_repairs = 0;
  options.enhance = true;
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.document.blocks.size(), folded().blocks.size());
  EXPECT_EQ(step(scaled, Step::kMake)->note, "1 of 2 pictures");
  EXPECT_EQ(step(scaled, Step::kEnhance)->note, "taken: 1 new picture");
}

TEST_F(ScalingTest, PolishKeepsPicturesAndTakesBetterText) {
  options.polish = true;
  polished =
      "# Foxes\n\nThe red fox lives in woods and hunts mice at night.\n\n[[figure 1: The red fox in its woods]]\n\nIt "
      "sleeps by day.\n";
  const Scaled scaled = write();
  const auto document = folded();
  EXPECT_THAT(document.answer, AllOf(HasSubstr("hunts mice"), HasSubstr("The red fox in its woods")));
  EXPECT_NE(std::get<document::FigureBlock>(document.blocks[1]).ready(), nullptr);
  EXPECT_GT(*step(scaled, Step::kPolish)->after, *step(scaled, Step::kPolish)->before);
  EXPECT_EQ(search.called.size(), 1U);
}

TEST_F(ScalingTest, PolishIsKeptOnlyWhereItIsBetter) {
  answers = {kBetter};
  options.polish = true;
  for (const char* reply : {"Fox.\n\n[[figure 1]]\n", "# Foxes\n\nMuch better text without its picture.\n", ""}) {
    polished = reply;
    EXPECT_EQ(write().report.document.answer, kBetter) << reply;
  }
}

TEST_F(ScalingTest, PolishDoesNotLoseAPictureForABetterText) {
  options.polish = true;
  polished = kBetter.substr(0, kBetter.find("<imgen>")) + search_tag("The red fox", "broken") +
             "\n\nIn winter its fur grows thick and warm.\n";
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.document.answer, kPlain);
  EXPECT_EQ(step(scaled, Step::kPolish)->note, "not taken: a picture was lost");
}

TEST_F(ScalingTest, AllStagesTogetherTellOneStory) {
  answers = {kPlain, kInvalid, kBetter};
  search.titles = {"wolf", "red fox"};
  polished =
      "# Foxes\n\nThe red fox lives in woods and fields, and hunts mice and birds at night.\n\n[[figure 1]]\n\nIn "
      "winter its fur grows thick and warm, and its tail keeps the nose from the frost.\n";
  options = {.candidates = 3, .validate = true, .select = true, .enhance = true, .polish = true};
  const Scaled scaled = write();
  std::vector<Step> steps;
  for (const StepReport& one : scaled.scale.steps) steps.push_back(one.step);
  EXPECT_EQ(steps, std::vector<Step>(kSteps.begin(), kSteps.end()));
  EXPECT_THAT(folded().answer, HasSubstr("mice and birds"));
  EXPECT_EQ(std::get<document::FigureBlock>(folded().blocks[1]).ready()->provenance.title, "red fox");
  // The events are one run, from its start to its end, with the usage of all stages.
  EXPECT_TRUE(std::holds_alternative<document::RunStarted>(events.front().body));
  EXPECT_TRUE(std::holds_alternative<document::RunFinished>(events.back().body));
  EXPECT_TRUE(std::ranges::is_sorted(events, {}, &document::Event::at));
  EXPECT_EQ(folded().usage.model_calls, 4U);
  EXPECT_EQ(folded().usage.completion_tokens, model.tokens);
  EXPECT_EQ(folded().usage.tool_calls, search.called.size());
  EXPECT_THAT(to_json(scaled.scale), AllOf(HasSubstr(R"("status":"chosen")"), HasSubstr(R"("stage":"polish")")));
  EXPECT_THAT(to_table(scaled.scale), AllOf(HasSubstr("enhance"), HasSubstr("selector: rules")));
}

TEST_F(ScalingTest, PicturesFromTheCacheSaySo) {
  const auto folder = TemporaryFolder::make().value();
  const auto cache = store::Cache::open(folder.path(), 1 << 20).value();
  search.cacheable = true;
  options.enhance = true;
  for (const bool cached : {false, true}) {
    Budget budget(task.limits);
    const Means means{.budget = budget, .selector = selector, .chooser = chooser};
    const auto scaled = scaling::write({.seed = kSeed}, {.model = &model, .tools = {&search}, .cache = cache.get()},
                                       task, options, means, [](const document::Event&) {});
    const auto& figure = std::get<document::FigureBlock>(scaled->report.document.blocks[1]);
    EXPECT_EQ(figure.ready()->provenance.cached, cached);
    EXPECT_EQ(scaled->scale.total.usage.tool_calls, cached ? 0U : 3U);
  }
}

TEST_F(ScalingTest, ADryRunPlansTheChosenAnswerAndCallsNoTool) {
  answers = {kPlain, kBetter};
  task.dry_run = true;
  options = {.candidates = 2, .validate = true, .select = true, .enhance = true, .polish = true};
  const Scaled scaled = write();
  EXPECT_EQ(scaled.report.planned.size(), 1U);
  EXPECT_EQ(scaled.report.document.answer, kBetter);
  EXPECT_TRUE(search.called.empty());
}

TEST_F(ScalingTest, AnAnswerThatBrokeOffStaysPartial) {
  class Breaking final : public lm::LanguageModel {
    [[nodiscard]] std::string id() const override { return "breaking"; }
    [[nodiscard]] lm::Capabilities capabilities() const override { return {}; }
    [[nodiscard]] Result<lm::GenerateResult> generate(const RunContext&, const lm::GenerateRequest&,
                                                      const lm::TextSink& sink) override {
      sink("# Foxes\n\nThey are");
      return fail(ErrorCode::kUnavailable, Origin::kModel, "the stream broke");
    }
  } breaking;
  Budget budget({});
  const Means means{.budget = budget, .selector = selector, .chooser = chooser};
  options = {.candidates = 2, .validate = true, .select = true};
  const auto scaled = scaling::write({.seed = kSeed}, {.model = &breaking}, task, options, means,
                                     [&](const document::Event& event) { events.push_back(event); });
  ASSERT_TRUE(scaled);
  EXPECT_EQ(scaled->report.error->code, ErrorCode::kUnavailable);
  EXPECT_FALSE(folded().complete);
  EXPECT_THAT(folded().reason, HasSubstr("broke off"));
}

TEST_F(ScalingTest, ARevisionThatTheBudgetWouldCutIsNotAskedFor) {
  answers = {kBetter};
  task.limits.max_model_tokens = kBetter.size() / 4 + 5;
  options.polish = true;
  EXPECT_THAT(step(write(), Step::kPolish)->note, HasSubstr("too few tokens"));
  EXPECT_EQ(model.calls, 1U);
}

TEST_F(ScalingTest, AGuidedModelIsNotAskedToRevise) {
  model.can = {.constrained = true};
  task.guided = agent::Guided::kOn;
  options.polish = true;
  EXPECT_EQ(step(write(), Step::kPolish)->note, "a model that is guided cannot revise");
}

TEST_F(ScalingTest, APassedDeadlineLeavesAPartialDocument) {
  deadline = Deadline::after(std::chrono::milliseconds(-1));
  options = {.candidates = 4, .validate = true, .select = true, .enhance = true, .polish = true};
  const Scaled scaled = write();
  EXPECT_FALSE(folded().complete);
  EXPECT_LE(model.calls, 1U);
}

}  // namespace
}  // namespace llmi::scaling
