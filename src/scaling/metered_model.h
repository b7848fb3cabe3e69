#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "agent/session.h"
#include "lm/language_model.h"
#include "scaling/budget.h"

namespace llmi::scaling {

/// A model whose calls count against the budget of a run: one that may not be made fails with kResourceExhausted.
/// A request that was answered to its end before, with the same seed, is answered from memory, at no cost: stages that
/// build on an earlier one repeat its questions. Thread-safe as the model within.
class MeteredModel final : public lm::LanguageModel {
 public:
  /// The budget outlives it.
  MeteredModel(std::shared_ptr<lm::LanguageModel> inner, const agent::TokenPrices& prices, Budget& budget)
      : inner_(std::move(inner)), prices_(prices), budget_(budget) {}
  /// The model outlives it, too.
  MeteredModel(lm::LanguageModel& inner, const agent::TokenPrices& prices, Budget& budget)
      : MeteredModel(std::shared_ptr<lm::LanguageModel>(std::shared_ptr<void>(), &inner), prices, budget) {}

  [[nodiscard]] std::string id() const override { return inner_->id(); }
  [[nodiscard]] lm::Capabilities capabilities() const override { return inner_->capabilities(); }
  [[nodiscard]] Result<lm::GenerateResult> generate(const RunContext& context, const lm::GenerateRequest& request,
                                                    const lm::TextSink& sink) override;

 private:
  [[nodiscard]] Result<lm::GenerateResult> ask(const RunContext& context, const lm::GenerateRequest& request,
                                               const lm::TextSink& sink);

  const std::shared_ptr<lm::LanguageModel> inner_;
  const agent::TokenPrices prices_;
  Budget& budget_;
  std::mutex mutex_;
  std::map<std::string, std::string> replies_;  // by request; guarded by mutex_
};

}  // namespace llmi::scaling
