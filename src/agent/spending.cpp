#include "agent/spending.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/money.h"

namespace llmi::agent {

Spending::Spending(const Limits& limits, const TokenPrices& prices) : limits_(limits), prices_(prices) {}

void Spending::model_answered(const lm::GenerateResult& result) {
  usage_.prompt_tokens += result.prompt_tokens;
  usage_.completion_tokens += result.completion_tokens;
  charge((static_cast<double>(result.prompt_tokens) * prices_.prompt +
          static_cast<double>(result.completion_tokens) * prices_.completion) /
         kTokensPerPrice);
}

bool Spending::model_may_write() const {
  const bool priced = prices_.prompt > 0 || prices_.completion > 0;
  const bool broke = priced && limits_.max_cost > 0 && usage_.cost.value_or(0) + reserved_ >= limits_.max_cost;
  return usage_.completion_tokens < limits_.max_model_tokens && !broke;
}

std::optional<Fault> Spending::reserve(double price) {
  const double bound = usage_.cost.value_or(0) + reserved_;
  if (price > 0 && limits_.max_cost > 0 && rounded_money(bound + price) > limits_.max_cost)
    return Fault{Stage::kBudget,
                 fmt::format("this picture costs {:.6g}, and {:.6g} of the run's {:.6g} are spent or set aside "
                             "(budget.cost)",
                             price, bound, limits_.max_cost)};
  reserved_ = rounded_money(reserved_ + price);
  return std::nullopt;
}

void Spending::settle(double price, bool made) {
  reserved_ = rounded_money(reserved_ - price);
  if (made) charge(price);
}

void Spending::charge(double amount) {
  if (amount > 0) usage_.cost = rounded_money(usage_.cost.value_or(0) + amount);
}

std::size_t writable_tokens(const Task& task) {
  const std::size_t most = std::min(task.max_tokens, task.limits.max_model_tokens);
  if (task.prices.completion <= 0 || task.limits.max_cost <= 0) return most;
  const double affordable = task.limits.max_cost / task.prices.completion * kTokensPerPrice;
  return affordable < static_cast<double>(most) ? std::max<std::size_t>(1, static_cast<std::size_t>(affordable)) : most;
}

}  // namespace llmi::agent
