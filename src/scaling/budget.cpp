#include "scaling/budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/money.h"

namespace llmi::scaling {
namespace {

constexpr std::size_t kBytesPerToken = 2;
constexpr std::size_t kPictureTokens = 1500;

double price_of(double tokens, double price) { return tokens * price / agent::kTokensPerPrice; }

double prompt_cost(const lm::GenerateRequest& request, const agent::TokenPrices& prices) {
  std::size_t tokens = request.assistant_prefix.size() / kBytesPerToken;
  for (const lm::Message& message : request.messages)
    tokens += message.text.size() / kBytesPerToken + message.pictures.size() * kPictureTokens;
  return price_of(static_cast<double>(tokens), prices.prompt);
}

}  // namespace

Spent operator-(const Spent& later, const Spent& earlier) {
  const document::Usage& a = later.usage;
  const document::Usage& b = earlier.usage;
  Spent spent{.usage = {.prompt_tokens = a.prompt_tokens - b.prompt_tokens,
                        .completion_tokens = a.completion_tokens - b.completion_tokens,
                        .model_calls = a.model_calls - b.model_calls,
                        .tool_calls = a.tool_calls - b.tool_calls,
                        .cached_tool_calls = a.cached_tool_calls - b.cached_tool_calls},
              .cached_prompt_tokens = later.cached_prompt_tokens - earlier.cached_prompt_tokens};
  if (const double cost = agent::rounded_money(a.cost.value_or(0) - b.cost.value_or(0)); cost > 0)
    spent.usage.cost = cost;
  return spent;
}

std::optional<Budget::ModelCall> Budget::open_model_call(const lm::GenerateRequest& request,
                                                         const agent::TokenPrices& prices) {
  const std::scoped_lock lock(mutex_);
  ModelCall call{.tokens = std::min(request.max_tokens, free_tokens())};
  const double prompt = prompt_cost(request, prices);
  if (const auto money = free_money(); money && (prices.prompt > 0 || prices.completion > 0)) {
    const double left = *money - prompt;
    if (left <= 0) return std::nullopt;
    if (const double affordable = left / prices.completion * agent::kTokensPerPrice;
        prices.completion > 0 && affordable < static_cast<double>(call.tokens))
      call.tokens = static_cast<std::size_t>(affordable);
  }
  if (call.tokens == 0) return std::nullopt;
  call.cost = prompt + price_of(static_cast<double>(call.tokens), prices.completion);
  open_tokens_ += call.tokens;
  open_cost_ += call.cost;
  ++spent_.usage.model_calls;
  return call;
}

void Budget::close(const ModelCall& call, const lm::GenerateResult& result, const agent::TokenPrices& prices) {
  const std::scoped_lock lock(mutex_);
  open_tokens_ -= call.tokens;
  open_cost_ = agent::rounded_money(open_cost_ - call.cost);
  spent_.usage.prompt_tokens += result.prompt_tokens;
  spent_.usage.completion_tokens += result.completion_tokens;
  spent_.cached_prompt_tokens += result.cached_prompt_tokens;
  charge(price_of(static_cast<double>(result.prompt_tokens), prices.prompt) +
         price_of(static_cast<double>(result.completion_tokens), prices.completion));
}

std::optional<Fault> Budget::open_tool_call(double price) {
  const std::scoped_lock lock(mutex_);
  if (spent_.usage.tool_calls >= limits_.max_tool_calls)
    return Fault{Stage::kBudget,
                 fmt::format("the run's {} tool calls are used up (budget.tool_calls)", limits_.max_tool_calls)};
  const double bound = agent::rounded_money(spent_.usage.cost.value_or(0) + open_cost_ + price);
  if (price > 0 && limits_.max_cost > 0 && bound > limits_.max_cost)
    return Fault{Stage::kBudget,
                 fmt::format("this picture costs {:.6g}, more than is left of the run's {:.6g} (budget.cost)", price,
                             limits_.max_cost)};
  open_cost_ += price;
  ++spent_.usage.tool_calls;
  return std::nullopt;
}

void Budget::close_tool_call(double price, bool made) {
  const std::scoped_lock lock(mutex_);
  open_cost_ = agent::rounded_money(open_cost_ - price);
  if (made) charge(price);
}

void Budget::used_cache() {
  const std::scoped_lock lock(mutex_);
  ++spent_.usage.cached_tool_calls;
}

void Budget::hold(double cost) {
  const std::scoped_lock lock(mutex_);
  held_ = cost;
}

Spent Budget::spent() const {
  const std::scoped_lock lock(mutex_);
  return spent_;
}

std::size_t Budget::tokens_left() const {
  const std::scoped_lock lock(mutex_);
  return free_tokens();
}

std::optional<double> Budget::money_left() const {
  const std::scoped_lock lock(mutex_);
  return free_money();
}

std::size_t Budget::free_tokens() const {
  const std::size_t bound = spent_.usage.completion_tokens + open_tokens_;
  return bound >= limits_.max_model_tokens ? 0 : limits_.max_model_tokens - bound;
}

std::optional<double> Budget::free_money() const {
  if (limits_.max_cost <= 0) return std::nullopt;
  return std::max(0.0, agent::rounded_money(limits_.max_cost - spent_.usage.cost.value_or(0) - open_cost_ - held_));
}

void Budget::charge(double amount) {
  if (amount > 0) spent_.usage.cost = agent::rounded_money(spent_.usage.cost.value_or(0) + amount);
}

}  // namespace llmi::scaling
