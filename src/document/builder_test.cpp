#include "document/builder.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <numeric>

#include "document/document_test_values.h"
#include "document/json.h"

namespace llmi::document {
namespace {

/// What happens to one figure, in the order in which it happens.
std::deque<EventBody> draw_fate(std::size_t index, const std::optional<tag::Tag>& call) {
  std::deque<EventBody> fate{FigurePlanned{index, call}};
  if (call) fate.emplace_back(FigureStarted{index, "backend"});
  if (*rc::gen::arbitrary<bool>()) {
    const bool valid = *rc::gen::arbitrary<bool>();
    fate.emplace_back(FigureRepaired{index, {drawn::fault(), drawn::text()}, valid ? call : std::nullopt});
  }
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      fate.emplace_back(FigureReady{index, drawn::ready(), nullptr});
      break;
    case 1:
      fate.emplace_back(FigureFailed{index, drawn::fault()});
      break;
    default:
      break;  // The run ends before it is made.
  }
  return fate;
}

struct Run {
  RunStarted started;
  std::string answer;
  std::vector<std::deque<EventBody>> fates;
  RunFinished finished;
};

Run draw_run() {
  Run run{.started = {.prompt = drawn::text(), .seed = 1, .inputs = drawn::inputs()},
          .finished = {.timings = drawn::timings(), .usage = drawn::usage()}};
  const std::size_t inputs = run.started.inputs.size();
  const std::size_t count = *rc::gen::inRange<std::size_t>(1, 7);
  for (std::size_t i = 0; i < count; ++i) {
    const bool readable = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
    const tag::Tag call{drawn::text(), tag::SearchParams{"cat"}};
    run.answer += "Some text.\n\n" + (readable ? tag::print(call) : "<imgen>{oops}</imgen>") + "\n\n";
    run.fates.push_back(draw_fate(inputs + i, readable ? std::optional(call) : std::nullopt));
  }
  return run;
}

/// The document when the fates are interleaved as `turns` says, and the answer comes in pieces between them.
std::string fold(Run run, const std::vector<std::size_t>& turns, std::size_t piece) {
  Builder builder;
  builder.add({.body = run.started});
  std::chrono::milliseconds now{0};
  for (const std::size_t turn : turns) {
    auto& fate = run.fates[turn];
    builder.add({++now, AnswerGrew{run.answer.substr(0, piece)}});
    run.answer.erase(0, piece);
    builder.add({++now, fate.front()});
    fate.pop_front();
  }
  builder.add({++now, AnswerGrew{run.answer}});
  builder.add({++now, run.finished});
  return to_json(builder.build());
}

RC_GTEST_PROP(BuilderTest, AnyOrderOfCompletionGivesTheSameDocument, ()) {
  const Run run = draw_run();
  std::vector<std::size_t> turns;
  for (std::size_t i = 0; i < run.fates.size(); ++i) turns.insert(turns.end(), run.fates[i].size(), i);
  auto shuffled = turns;
  for (std::size_t i = shuffled.size(); i > 1; --i)
    std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
  RC_ASSERT(fold(run, shuffled, *rc::gen::inRange<std::size_t>(0, 40)) == fold(run, turns, 1'000'000));
}

TEST(BuilderTest, WithoutAnEndItIsInterruptedAndOpenFiguresAreCancelled) {
  Builder builder;
  builder.add({.body = RunStarted{.prompt = "Cats"}});
  builder.add({.body = AnswerGrew{tag::print({"A cat", tag::SearchParams{"cat"}})}});
  const Document document = builder.build();
  EXPECT_FALSE(document.complete);
  EXPECT_EQ(document.reason, "interrupted");
  EXPECT_EQ(std::get<FigureBlock>(document.blocks.at(0)).fault()->stage, Stage::kCancelled);
}

TEST(BuilderTest, AResumedRunIsOpenAgainAndGoesOnBehindWhatStays) {
  Builder builder;
  const std::string tag = tag::print({"A cat", tag::SearchParams{"cat"}});
  builder.add({.body = AnswerGrew{tag + "<imgen>{ cut"}});
  builder.add({.body = FigureFailed{0, {Stage::kCancelled, "interrupted"}}});
  builder.add({.body = RunFinished{.complete = false, .reason = "late"}});
  builder.add({.body = RunResumed{tag.size()}});
  builder.add({.body = FigurePlanned{0, {}}});
  EXPECT_EQ(builder.build().answer, tag);
  EXPECT_EQ(builder.build().reason, "interrupted");
  builder.add({.body = FigureReady{0, {.file = "a"}, nullptr}});
  builder.add({.body = RunFinished{}});
  const Document document = builder.build();
  EXPECT_TRUE(document.complete);
  ASSERT_EQ(document.blocks.size(), 1U);
  EXPECT_EQ(std::get<FigureBlock>(document.blocks[0]).ready()->file, "a");
}

TEST(BuilderTest, ReadyFiguresAreNumberedInTheOrderOfTheText) {
  Builder builder;
  const std::string tag = tag::print({"A cat", tag::SearchParams{"cat"}});
  builder.add({.body = AnswerGrew{tag + "\n\n" + tag + "\n\n" + tag}});
  builder.add({.body = FigureReady{2, {.file = "c"}, nullptr}});
  builder.add({.body = FigureFailed{1, {Stage::kTool, "no"}}});
  builder.add({.body = FigureReady{0, {.file = "a"}, nullptr}});
  std::vector<std::size_t> numbers;
  for (const Block& block : builder.build().blocks) {
    if (const auto* figure = std::get_if<FigureBlock>(&block))
      numbers.push_back(figure->ready() == nullptr ? 0 : figure->ready()->number);
  }
  EXPECT_EQ(numbers, (std::vector<std::size_t>{1, 0, 2}));
}

}  // namespace
}  // namespace llmi::document
