#pragma once

#include "base/run_context.h"
#include "reward/judge.h"

namespace llmi::scaling {

/// Asks a judge and waits for what becomes of the question, not longer than the context allows.
[[nodiscard]] reward::JudgeReply ask_judge(const RunContext& context, reward::Judge& judge, reward::Question question);

}  // namespace llmi::scaling
