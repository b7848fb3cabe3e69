#include "reward/judge_call.h"

#include <memory>
#include <utility>

namespace llmi::reward {

std::future<JudgeReply> put(const RunContext& context, Judge& judge, Question question) {
  // Shared: whoever leaves first must not take the place where the reply goes.
  const auto promise = std::make_shared<std::promise<JudgeReply>>();
  auto future = promise->get_future();
  judge.ask(context.deadline, std::move(question), [promise](const JudgeReply& reply) { promise->set_value(reply); });
  return future;
}

JudgeReply ask_judge(const RunContext& context, Judge& judge, Question question) {
  auto future = put(context, judge, std::move(question));
  while (future.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    if (context.cancelled()) return {};
  }
  return future.get();
}

}  // namespace llmi::reward
