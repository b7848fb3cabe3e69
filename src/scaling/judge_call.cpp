#include "scaling/judge_call.h"

#include <future>
#include <memory>
#include <utility>

namespace llmi::scaling {

reward::JudgeReply ask_judge(const RunContext& context, reward::Judge& judge, reward::Question question) {
  // Shared: whoever leaves first must not take the place where the reply goes.
  const auto promise = std::make_shared<std::promise<reward::JudgeReply>>();
  auto future = promise->get_future();
  judge.ask(context.deadline, std::move(question),
            [promise](const reward::JudgeReply& reply) { promise->set_value(reply); });
  while (future.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    if (context.cancelled()) return {};
  }
  return future.get();
}

}  // namespace llmi::scaling
