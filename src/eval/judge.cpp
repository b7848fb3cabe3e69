#include "eval/judge.h"

#include <fmt/format.h>

#include "base/random.h"

namespace llmi::eval {
namespace {

Mark mark_of(const Scale& scale, const Verdict& verdict) {
  const auto found = verdict.marks.find(scale.name);
  if (found == verdict.marks.end() || found->second < scale.lowest || found->second > scale.highest)
    return {.name = scale.name,
            .missing = true,
            .reason = fmt::format("the judge gave no {} from {} to {}", scale.name, scale.lowest, scale.highest)};
  return {.name = scale.name, .value = found->second, .reason = verdict.reason};
}

JudgeCall call_of(const Question& question, const Result<Verdict>& verdict) {
  JudgeCall call{.prompt_id = std::string(question.prompt_id)};
  if (verdict) {
    call.reply = verdict->reply;
    call.model = verdict->model;
    call.seed = verdict->seed;
  } else {
    call.error = verdict.error().message;
  }
  return call;
}

}  // namespace

Result<std::vector<Mark>> JudgeSession::ask(const Question& question) {
  RunContext inner = context_;
  inner.seed = derived_seed(context_.seed, calls_.size());
  const auto verdict = judge_(inner, question);
  LLMI_CHECK_OK(context_.check());
  calls_.push_back(call_of(question, verdict));
  std::vector<Mark> marks;
  for (const Scale& scale : question.scales)
    marks.push_back(verdict ? mark_of(scale, *verdict)
                            : Mark{.name = scale.name, .missing = true, .reason = verdict.error().message});
  return marks;
}

}  // namespace llmi::eval
