#pragma once

#include <future>

#include "base/run_context.h"
#include "reward/judge.h"

namespace llmi::reward {

/// Asks a judge within the context's deadline; the future has what becomes of the question, and may be left alone.
[[nodiscard]] std::future<JudgeReply> put(const RunContext& context, Judge& judge, Question question);

/// Asks a judge and waits for what becomes of the question, not longer than the context allows; cancelled, it is
/// unavailable without an error.
[[nodiscard]] JudgeReply ask_judge(const RunContext& context, Judge& judge, Question question);

}  // namespace llmi::reward
