#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "agent/session.h"
#include "base/fault.h"
#include "document/document.h"
#include "lm/language_model.h"

namespace llmi::scaling {

/// What stages have used of the budget.
struct Spent {
  document::Usage usage;
  std::uint64_t cached_prompt_tokens = 0;  ///< Of usage.prompt_tokens: not computed again.
};
/// What was used between the two.
[[nodiscard]] Spent operator-(const Spent& later, const Spent& earlier);

/// What all stages of a run may use together: model tokens, tool calls and money (agent::Limits). Every call is opened
/// before it is made and closed afterwards, so that calls under way count too. The prompt tokens of a call are known
/// only afterwards; its price is opened with one token for every two bytes. Thread-safe.
class Budget {
 public:
  explicit Budget(const agent::Limits& limits) : limits_(limits) {}

  struct ModelCall {
    std::size_t tokens = 0;  ///< What the model may write.
    double cost = 0;         ///< Set aside.
  };
  /// Nothing when no token is left, or not the money for one.
  [[nodiscard]] std::optional<ModelCall> open_model_call(const lm::GenerateRequest& request,
                                                         const agent::TokenPrices& prices);
  void close(const ModelCall& call, const lm::GenerateResult& result, const agent::TokenPrices& prices);

  /// A fault kBudget when it may not be made.
  [[nodiscard]] std::optional<Fault> open_tool_call(double price);
  /// Only what came of it is paid for.
  void close_tool_call(double price, bool made);
  void used_cache();

  /// Keeps this much money for the pictures of the document: no model call may touch it. Replaces what was held.
  void hold(double cost);

  [[nodiscard]] Spent spent() const;
  [[nodiscard]] std::size_t tokens_left() const;
  /// Money that model calls may still use; nothing: without limit.
  [[nodiscard]] std::optional<double> money_left() const;

 private:
  // Under the lock.
  [[nodiscard]] std::size_t free_tokens() const;
  [[nodiscard]] std::optional<double> free_money() const;
  void charge(double amount);

  const agent::Limits limits_;
  mutable std::mutex mutex_;  // guards what follows
  Spent spent_;
  std::size_t open_tokens_ = 0;
  double open_cost_ = 0;
  double held_ = 0;
};

}  // namespace llmi::scaling
