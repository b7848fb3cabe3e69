#include "scenarios/stage.h"

#include <utility>

namespace llmi::scenario {

Result<lm::GenerateResult> CuedModel::generate(const RunContext& context, const lm::GenerateRequest& request,
                                               const lm::TextSink& sink) {
  bool repair = false;
  {
    const std::scoped_lock lock(mutex_);
    repair = calls_++ > 0;
    asked_.push_back(request.messages.back().text);
  }
  lm::GenerateResult result;
  while (const auto cue = (repair ? repairs : answer).receive(context.deadline, context.stop)) {
    if (cue->kind == Cue::Kind::kEnd) return result;
    if (cue->kind == Cue::Kind::kBreak) return fail(ErrorCode::kUnavailable, Origin::kModel, "the stream broke");
    ++result.completion_tokens;
    if (sink(cue->text) == lm::Flow::kStop) break;
    if (repair) return result;
  }
  result.finish = context.cancelled() ? lm::FinishReason::kStopped : lm::FinishReason::kDeadline;
  return result;
}

std::vector<std::string> CuedModel::asked() const {
  const std::scoped_lock lock(mutex_);
  return asked_;
}

void Gate::open(const std::string& description, tools::Outcome outcome) {
  {
    const std::scoped_lock lock(mutex_);
    outcomes_.emplace(description, std::move(outcome));
  }
  opened_.notify_all();
}

tools::Outcome Gate::wait(const RunContext& context, const std::string& description) {
  std::unique_lock lock(mutex_);
  const auto there = [&] { return outcomes_.contains(description); };
  if (context.deadline.is_never()) {
    opened_.wait(lock, context.stop, there);
  } else {
    opened_.wait_until(lock, context.stop, context.deadline.at(), there);
  }
  const auto found = outcomes_.find(description);
  if (found == outcomes_.end())
    return failed(context.cancelled() ? Stage::kCancelled : Stage::kTimeout, "the gate stayed shut");
  tools::Outcome outcome = std::move(found->second);
  outcomes_.erase(found);
  return outcome;
}

tools::Outcome made(const std::string& comment) {
  tools::Made result{.picture = {.bytes = "pixel " + comment, .width = 1, .height = 1}};
  result.provenance.tool = "search";
  result.provenance.backend = "gated";
  result.provenance.creator = "the creator of " + comment;
  return {.result = std::move(result)};
}

tools::Outcome failed(Stage stage, const std::string& message) { return {.result = Fault{stage, message}}; }

}  // namespace llmi::scenario
