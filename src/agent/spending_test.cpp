#include "agent/spending.h"

#include <gtest/gtest.h>

namespace llmi::agent {
namespace {

TEST(Spending, TokensCostWhatAMillionOfThemCosts) {
  Spending spending({}, {.prompt = 2, .completion = 8});
  spending.model_answered({.prompt_tokens = 500'000, .completion_tokens = 250'000});
  EXPECT_DOUBLE_EQ(spending.usage().cost.value_or(-1), 3.0);
}

TEST(Spending, NothingPricedHasNoCost) {
  Spending spending({}, {});
  spending.model_answered({.prompt_tokens = 1000, .completion_tokens = 1000});
  EXPECT_EQ(spending.reserve(0), std::nullopt);
  spending.settle(0, true);
  EXPECT_EQ(spending.usage().cost, std::nullopt);
}

TEST(Spending, OnlyPicturesThatCameArePaidFor) {
  Spending spending({}, {});
  for (const bool made : {true, false, true, true}) {
    EXPECT_EQ(spending.reserve(0.1), std::nullopt);
    spending.settle(0.1, made);
  }
  EXPECT_EQ(spending.usage().cost, 0.3);
}

TEST(Spending, CallsUnderWayCountAgainstTheBudget) {
  Spending spending({.max_cost = 0.3}, {});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(spending.reserve(0.1), std::nullopt) << i;
  const auto refused = spending.reserve(0.1);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->stage, Stage::kBudget);
  EXPECT_NE(refused->message.find("budget.cost"), std::string::npos);
  EXPECT_EQ(spending.reserve(0), std::nullopt) << "what is free may run";
  spending.settle(0.1, false);
  EXPECT_EQ(spending.reserve(0.1), std::nullopt) << "a failed call gives its price back";
}

TEST(Spending, TheModelStopsWhereTheMoneyDoes) {
  Spending spending({.max_cost = 1}, {.completion = 10});
  EXPECT_TRUE(spending.model_may_write());
  spending.model_answered({.completion_tokens = 100'000});
  EXPECT_FALSE(spending.model_may_write());
}

TEST(Spending, AnEarlierSessionsUseGoesOn) {
  Spending spending({.max_cost = 1}, {});
  spending.recall({.tool_calls = 4, .cost = 0.9});
  EXPECT_TRUE(spending.reserve(0.2));
  spending.called_tool();
  EXPECT_EQ(spending.usage().tool_calls, 5U);
}

TEST(Spending, AnAnswerIsAsLongAsTheBudgetAllows) {
  Task task{.max_tokens = 4096, .limits = {.max_model_tokens = 3000}};
  EXPECT_EQ(writable_tokens(task), 3000U);
  task.prices.completion = 10;
  EXPECT_EQ(writable_tokens(task), 3000U) << "no limit on cost";
  task.limits.max_cost = 0.01;
  EXPECT_EQ(writable_tokens(task), 1000U);
}

}  // namespace
}  // namespace llmi::agent
