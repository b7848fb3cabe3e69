#pragma once

#include <cstddef>
#include <optional>

#include "agent/session.h"
#include "base/fault.h"
#include "document/document.h"
#include "lm/language_model.h"

namespace llmi::agent {

/// What a run has used, and what it may still use: calls, tokens, and money where prices are configured. Money is in
/// the user's own currency. Not thread-safe.
class Spending {
 public:
  Spending(const Limits& limits, const TokenPrices& prices);

  /// Goes on from what an earlier session of the run used.
  void recall(const document::Usage& earlier) { usage_ = earlier; }

  void asked_model() { ++usage_.model_calls; }
  void model_answered(const lm::GenerateResult& result);
  /// Whether the model may be asked once more.
  [[nodiscard]] bool model_may_write() const;

  void called_tool() { ++usage_.tool_calls; }
  void used_cache() { ++usage_.cached_tool_calls; }

  /// Sets the price of a call aside until settle(). A fault kBudget when the run would cost more than it may.
  [[nodiscard]] std::optional<Fault> reserve(double price);
  /// The call ended; only what came of it is paid for.
  void settle(double price, bool made);

  [[nodiscard]] const document::Usage& usage() const { return usage_; }

 private:
  void charge(double amount);

  Limits limits_;
  TokenPrices prices_;
  double reserved_ = 0;
  document::Usage usage_;
};

/// The most tokens that the model may write in one call, by the task's own number and the budget of the run.
[[nodiscard]] std::size_t writable_tokens(const Task& task);

}  // namespace llmi::agent
