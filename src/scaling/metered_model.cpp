#include "scaling/metered_model.h"

#include <fmt/format.h>

#include "base/sha256.h"

namespace llmi::scaling {
namespace {

/// Everything that decides the reply.
std::string key_of(const RunContext& context, const lm::GenerateRequest& request) {
  const lm::Sampling& sampling = request.sampling;
  std::string text = fmt::format("{} {} {} {} {} {} {} {} {}\n", context.seed, request.max_tokens, sampling.temperature,
                                 sampling.top_p, sampling.top_k, sampling.min_p, sampling.repeat_penalty,
                                 sampling.repeat_last_n, sampling.dry_multiplier);
  const lm::Constraint& constraint = request.constraint;
  for (const std::string& part : {request.assistant_prefix, constraint.gbnf, constraint.trigger, constraint.whole_gbnf,
                                  constraint.schema, constraint.end})
    text += fmt::format("{}\n{}", part.size(), part);
  for (const std::string& stop : request.stop) text += fmt::format("\n{} {}", stop.size(), stop);
  for (const lm::Message& message : request.messages) {
    text += fmt::format("\n{} {}\n{}", message.role, message.text.size(), message.text);
    for (const auto& picture : message.pictures) text += sha256_hex(picture->bytes);
  }
  return sha256_hex(text);
}

}  // namespace

Result<lm::GenerateResult> MeteredModel::generate(const RunContext& context, const lm::GenerateRequest& request,
                                                  const lm::TextSink& sink) {
  const std::string key = key_of(context, request);
  {
    std::unique_lock lock(mutex_);
    if (const auto known = replies_.find(key); known != replies_.end()) {
      const std::string reply = known->second;
      lock.unlock();
      if (!reply.empty()) sink(reply);
      return lm::GenerateResult{};
    }
  }
  std::string reply;
  auto result = ask(context, request, [&](std::string_view piece) {
    reply += piece;
    return sink(piece);
  });
  if (result && result->finish == lm::FinishReason::kEnd) {
    const std::scoped_lock lock(mutex_);
    replies_.emplace(key, std::move(reply));
  }
  return result;
}

Result<lm::GenerateResult> MeteredModel::ask(const RunContext& context, const lm::GenerateRequest& request,
                                             const lm::TextSink& sink) {
  const auto call = budget_.open_model_call(request, prices_);
  if (!call)
    return fail(ErrorCode::kResourceExhausted, Origin::kCaller,
                "the budget of the run leaves no further call of the model (budget.model_tokens, budget.cost)");
  lm::GenerateRequest allowed = request;
  allowed.max_tokens = call->tokens;
  auto result = inner_->generate(context, allowed, sink);
  budget_.close(*call, result ? *result : lm::GenerateResult{}, prices_);
  return result;
}

}  // namespace llmi::scaling
