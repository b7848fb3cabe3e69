#include <gtest/gtest.h>

#include "base/file.h"
#include "scaling/metered_model.h"
#include "scaling/metered_tool.h"
#include "scaling/scaling_test_stage.h"

namespace llmi::scaling {
namespace {

constexpr agent::TokenPrices kPrices{.prompt = 10, .completion = 100};

lm::GenerateRequest asking(const std::string& text, std::size_t max_tokens = 100) {
  return {.messages = {{"user", text, {}}}, .max_tokens = max_tokens};
}

Result<std::string> ask(lm::LanguageModel& model, const lm::GenerateRequest& request, std::uint64_t seed = 1) {
  std::string text;
  LLMI_TRY([[maybe_unused]] const auto result, model.generate({.seed = seed}, request, [&](std::string_view piece) {
    text += piece;
    return lm::Flow::kContinue;
  }));
  return text;
}

TEST(Budget, CallsUnderWayCountAsWhatTheyMayUse) {
  Budget budget({.max_model_tokens = 100});
  const auto first = budget.open_model_call(asking("x", 70), {});
  const auto second = budget.open_model_call(asking("x", 70), {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->tokens, 30U);
  EXPECT_FALSE(budget.open_model_call(asking("x", 70), {}));
  budget.close(*first, {.completion_tokens = 10}, {});
  EXPECT_EQ(budget.tokens_left(), 60U);
}

TEST(Budget, MoneyLimitsTokensAndPictures) {
  Budget budget({.max_cost = 0.002});
  const auto call = budget.open_model_call(asking("x", 100), kPrices);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->tokens, 20U);
  budget.close(*call, {.completion_tokens = 5}, kPrices);
  EXPECT_DOUBLE_EQ(*budget.spent().usage.cost, 0.0005);
  EXPECT_FALSE(budget.open_tool_call(0.0015));
  EXPECT_EQ(budget.open_tool_call(0.0001)->stage, Stage::kBudget);
  budget.close_tool_call(0.0015, false);
  EXPECT_DOUBLE_EQ(*budget.money_left(), 0.0015);
}

TEST(Budget, ModelsLeaveWhatIsHeldForPictures) {
  Budget budget({.max_cost = 0.002});
  budget.hold(0.002);
  EXPECT_FALSE(budget.open_model_call(asking("x"), kPrices));
  EXPECT_TRUE(budget.open_model_call(asking("x"), {}));
  EXPECT_FALSE(budget.open_tool_call(0.002));
}

TEST(Budget, ToolCallsAreCounted) {
  Budget budget({.max_tool_calls = 1});
  EXPECT_FALSE(budget.open_tool_call(0));
  EXPECT_TRUE(budget.open_tool_call(0));
  EXPECT_EQ(budget.spent().usage.tool_calls, 1U);
}

TEST(MeteredModel, AnswersAnEqualRequestFromMemory) {
  ReplyingModel inner([](std::uint64_t seed, const auto&) { return fmt::format("reply {}", seed); });
  Budget budget({});
  MeteredModel model(inner, {}, budget);
  EXPECT_EQ(ask(model, asking("a")), "reply 1");
  EXPECT_EQ(ask(model, asking("a")), "reply 1");
  EXPECT_EQ(inner.calls, 1U);
  EXPECT_EQ(budget.spent().usage.model_calls, 1U);
  EXPECT_EQ(ask(model, asking("a"), 2), "reply 2");
  EXPECT_EQ(ask(model, asking("b")), "reply 1");
  EXPECT_EQ(inner.calls, 3U);
  // Another form of the answer, another way of sampling it, another end: other requests.
  lm::GenerateRequest other = asking("a");
  other.constraint.schema = "{}";
  EXPECT_EQ(ask(model, other), "reply 1");
  other.sampling.top_k = 1;
  EXPECT_EQ(ask(model, other), "reply 1");
  other.stop = {"."};
  EXPECT_EQ(ask(model, other), "reply 1");
  EXPECT_EQ(inner.calls, 6U);
}

TEST(MeteredModel, WritesNoMoreThanTheBudgetHas) {
  ReplyingModel inner([](std::uint64_t, const auto&) { return std::string(400, 'x'); });
  Budget budget({.max_model_tokens = 60});
  MeteredModel model(inner, {}, budget);
  EXPECT_EQ(ask(model, asking("a"))->size(), 240U);
  const auto refused = ask(model, asking("b"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(inner.calls, 1U);
}

tools::Request searching(const std::string& query, std::size_t variant = 0) {
  return {.tag = {"A fox", tag::SearchParams{query}}, .variant = variant};
}

TEST(MeteredTool, EqualCallsArePaidOnceAndFaultsAreRemembered) {
  PlainTool inner(tag::Source::kSearch);
  Budget budget({});
  MeteredTool tool(inner, nullptr, budget);
  EXPECT_EQ(tool.run({}, searching("fox")).made()->picture.bytes, tool.run({}, searching("fox")).made()->picture.bytes);
  EXPECT_TRUE(tool.run({}, searching("broken")).fault());
  EXPECT_TRUE(tool.run({}, searching("broken")).fault());
  EXPECT_EQ(inner.called.size(), 2U);
  EXPECT_TRUE(tool.run({}, searching("fox", 1)).made());
  EXPECT_TRUE(tool.run({.seed = 2}, searching("fox")).made());
  EXPECT_EQ(inner.called.size(), 4U);
}

TEST(MeteredTool, SharesTheCacheWithOtherRuns) {
  const auto folder = TemporaryFolder::make().value();
  const auto cache = store::Cache::open(folder.path(), 1 << 20).value();
  PlainTool inner(tag::Source::kSearch);
  inner.cacheable = true;
  Budget budget({});
  MeteredTool first(inner, cache.get(), budget);
  MeteredTool second(inner, cache.get(), budget);
  EXPECT_FALSE(first.run({}, searching("fox")).made()->provenance.cached);
  EXPECT_TRUE(second.run({}, searching("fox")).made()->provenance.cached);
  EXPECT_FALSE(second.run({}, searching("fox", 1)).made()->provenance.cached);
  EXPECT_EQ(inner.called.size(), 2U);
  EXPECT_EQ(budget.spent().usage.cached_tool_calls, 1U);
}

TEST(MeteredTool, ARefusedCallIsNotMadeAndMayComeLater) {
  PlainTool inner(tag::Source::kSearch, 1.0);
  Budget budget({.max_cost = 1.0});
  MeteredTool tool(inner, nullptr, budget);
  ASSERT_FALSE(budget.open_tool_call(0.5));
  EXPECT_EQ(tool.run({}, searching("fox")).fault()->stage, Stage::kBudget);
  EXPECT_TRUE(inner.called.empty());
  budget.close_tool_call(0.5, false);
  EXPECT_TRUE(tool.run({}, searching("fox")).made());
}

}  // namespace
}  // namespace llmi::scaling
