#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/pause.h"
#include "lm/language_model.h"
#include "reward/judge.h"

namespace llmi::reward {

/// A model for tests that replies what a function says.
class ReplyingModel final : public lm::LanguageModel {
 public:
  using Reply = std::function<Result<std::string>(const lm::GenerateRequest&)>;
  explicit ReplyingModel(Reply reply, std::chrono::milliseconds delay = {}) : reply_(std::move(reply)), delay_(delay) {}
  [[nodiscard]] std::string id() const override { return "replying"; }
  [[nodiscard]] lm::Capabilities capabilities() const override { return {.sees = true}; }
  [[nodiscard]] Result<lm::GenerateResult> generate(const RunContext& context, const lm::GenerateRequest& request,
                                                    const lm::TextSink& sink) override {
    if (delay_.count() > 0 && !pause(context, delay_))
      return lm::GenerateResult{.finish =
                                    context.cancelled() ? lm::FinishReason::kStopped : lm::FinishReason::kDeadline};
    LLMI_TRY(const std::string text, reply_(request));
    sink(text);
    return lm::GenerateResult{};
  }

 private:
  Reply reply_;
  std::chrono::milliseconds delay_;
};

/// Options of a judge that asks such a model and does not wait between retries.
[[nodiscard]] inline JudgeOptions judge_options(ReplyingModel::Reply reply, std::chrono::milliseconds delay = {}) {
  JudgeOptions options;
  options.open = [reply = std::move(reply), delay](const RunContext&) -> Result<std::unique_ptr<lm::LanguageModel>> {
    return std::make_unique<ReplyingModel>(reply, delay);
  };
  options.first_delay = std::chrono::milliseconds(1);
  return options;
}

}  // namespace llmi::reward
