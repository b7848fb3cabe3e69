#include "reward/judge.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "reward/testing_judge.h"

namespace llmi::reward {
namespace {

using namespace std::chrono_literals;

Question question(std::string text, std::string repair = "again") {
  return {.messages = {{"user", std::move(text), {}}},
          .prompt_id = "p",
          .readable = [](std::string_view reply) { return reply.starts_with("good"); },
          .repair = std::move(repair)};
}

JudgeReply ask(Judge& judge, Question question, Deadline deadline = {}) {
  std::promise<JudgeReply> promise;
  judge.ask(deadline, std::move(question), [&](const JudgeReply& reply) { promise.set_value(reply); });
  return promise.get_future().get();
}

Error outage(bool retryable = true) {
  return {.code = ErrorCode::kUnavailable, .message = "down", .origin = Origin::kModel, .retryable = retryable};
}

TEST(Judge, AsksOnceAndRemembers) {
  std::atomic<int> calls = 0;
  Judge judge(judge_options([&](const lm::GenerateRequest&) -> Result<std::string> {
    ++calls;
    return "good";
  }));
  const JudgeReply first = ask(judge, question("a"));
  EXPECT_EQ(first.status, JudgeStatus::kOk);
  EXPECT_EQ(first.reply, "good");
  EXPECT_EQ(first.model, "replying");
  EXPECT_EQ(first.attempts, 1U);
  EXPECT_FALSE(first.cached);
  const JudgeReply second = ask(judge, question("a"));
  EXPECT_TRUE(second.cached);
  EXPECT_EQ(second.reply, "good");
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(ask(judge, question("b")).cached);
  EXPECT_EQ(calls, 2);
}

TEST(Judge, QuestionsThatComeTogetherAreAskedOnce) {
  std::atomic<int> calls = 0;
  Judge judge(judge_options(
      [&](const lm::GenerateRequest&) -> Result<std::string> {
        ++calls;
        return "good";
      },
      50ms));
  std::vector<std::promise<JudgeReply>> promises(20);
  for (auto& promise : promises)
    judge.ask({}, question("a"), [&](const JudgeReply& reply) { promise.set_value(reply); });
  int fresh = 0;
  for (auto& promise : promises) fresh += promise.get_future().get().cached ? 0 : 1;
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(fresh, 1);
}

TEST(Judge, TriesAgainAfterAnOutage) {
  int calls = 0;
  Judge judge(judge_options([&](const lm::GenerateRequest&) -> Result<std::string> {
    if (++calls < 3) return std::unexpected(outage());
    return "good";
  }));
  const JudgeReply reply = ask(judge, question("a"));
  EXPECT_EQ(reply.status, JudgeStatus::kOk);
  EXPECT_EQ(reply.attempts, 3U);
}

TEST(Judge, GivesUpAfterItsRetriesAndForgets) {
  int calls = 0;
  JudgeOptions options = judge_options([&](const lm::GenerateRequest&) -> Result<std::string> {
    ++calls;
    return std::unexpected(outage());
  });
  options.retries = 2;
  Judge judge(std::move(options));
  const JudgeReply reply = ask(judge, question("a"));
  EXPECT_EQ(reply.status, JudgeStatus::kUnavailable);
  EXPECT_EQ(reply.error->message, "down");
  EXPECT_EQ(reply.attempts, 3U);
  ask(judge, question("a"));
  EXPECT_EQ(calls, 6);
}

TEST(Judge, DoesNotRepeatWhatWasRefused) {
  Judge judge(
      judge_options([](const lm::GenerateRequest&) -> Result<std::string> { return std::unexpected(outage(false)); }));
  EXPECT_EQ(ask(judge, question("a")).attempts, 1U);
}

TEST(Judge, HandsAnUnreadableReplyBackOnce) {
  std::vector<std::size_t> messages;
  Judge judge(judge_options([&](const lm::GenerateRequest& request) -> Result<std::string> {
    messages.push_back(request.messages.size());
    return messages.size() == 1 ? "bad" : "good";
  }));
  const JudgeReply reply = ask(judge, question("a"));
  EXPECT_EQ(reply.status, JudgeStatus::kOk);
  EXPECT_EQ(reply.attempts, 2U);
  EXPECT_EQ(messages, (std::vector<std::size_t>{1, 3}));
}

TEST(Judge, TwiceUnreadableIsUnreadable) {
  int calls = 0;
  Judge judge(judge_options([&](const lm::GenerateRequest&) -> Result<std::string> {
    ++calls;
    return "bad";
  }));
  EXPECT_EQ(ask(judge, question("a")).status, JudgeStatus::kUnreadable);
  EXPECT_EQ(calls, 2);
  // Without repair the reply counts as it is, and is remembered.
  EXPECT_EQ(ask(judge, question("a", "")).status, JudgeStatus::kUnreadable);
  EXPECT_TRUE(ask(judge, question("a", "")).cached);
  EXPECT_EQ(calls, 3);
}

TEST(Judge, ASlowReplyIsTooLate) {
  JudgeOptions options = judge_options([](const lm::GenerateRequest&) -> Result<std::string> { return "good"; }, 10s);
  options.timeout = 20ms;
  options.retries = 1;
  Judge judge(std::move(options));
  const JudgeReply reply = ask(judge, question("a"));
  EXPECT_EQ(reply.status, JudgeStatus::kUnavailable);
  EXPECT_EQ(reply.error->code, ErrorCode::kTimeout);
  EXPECT_EQ(reply.attempts, 2U);
}

/// A model whose first request hangs until it is stopped; the others reply.
class HangingOnce final : public lm::LanguageModel {
 public:
  explicit HangingOnce(std::atomic<int>& stopped) : stopped_(stopped) {}
  [[nodiscard]] std::string id() const override { return "hanging"; }
  [[nodiscard]] lm::Capabilities capabilities() const override { return {}; }
  [[nodiscard]] Result<lm::GenerateResult> generate(const RunContext& context, const lm::GenerateRequest& /*request*/,
                                                    const lm::TextSink& sink) override {
    if (calls_++ == 0) {
      EXPECT_FALSE(pause(context, 1h));
      if (context.cancelled()) ++stopped_;
      return lm::GenerateResult{.finish = lm::FinishReason::kStopped};
    }
    sink("good");
    return lm::GenerateResult{};
  }

 private:
  std::atomic<int> calls_ = 0;
  std::atomic<int>& stopped_;
};

TEST(Judge, AsksASecondTimeWhereTheReplyTakesLong) {
  std::atomic<int> stopped = 0;
  {
    JudgeOptions options;
    options.open = [&](const RunContext&) { return std::make_unique<HangingOnce>(stopped); };
    options.timeout = 10min;
    options.hedge_after = 5ms;
    Judge judge(std::move(options));
    const JudgeReply reply = ask(judge, question("a"));
    EXPECT_EQ(reply.status, JudgeStatus::kOk);
    EXPECT_EQ(ask(judge, question("b")).attempts, 1U);
  }
  EXPECT_EQ(stopped, 1);
}

TEST(Judge, AHedgeThatFailsLeavesTheFirstRequest) {
  std::atomic<int> calls = 0;
  JudgeOptions options = judge_options([&](const lm::GenerateRequest&) -> Result<std::string> {
    if (++calls == 2) return std::unexpected(outage(false));
    while (calls < 2) std::this_thread::yield();
    std::this_thread::sleep_for(20ms);
    return "good";
  });
  options.hedge_after = 5ms;
  Judge judge(std::move(options));
  const JudgeReply reply = ask(judge, question("a"));
  EXPECT_EQ(reply.status, JudgeStatus::kOk);
  EXPECT_EQ(calls, 2);
}

TEST(Judge, NothingOutlivesTheDeadline) {
  Judge judge(judge_options([](const lm::GenerateRequest&) -> Result<std::string> { return "good"; }, 10s));
  const JudgeReply reply = ask(judge, question("a"), Deadline::after(20ms));
  EXPECT_EQ(reply.status, JudgeStatus::kUnavailable);
  EXPECT_EQ(reply.attempts, 1U);
}

TEST(Judge, OpensItsModelWhenItCan) {
  int opened = 0;
  JudgeOptions options = judge_options({});
  options.open = [&](const RunContext&) -> Result<std::unique_ptr<lm::LanguageModel>> {
    if (++opened < 3) return std::unexpected(outage());
    return std::make_unique<ReplyingModel>([](const lm::GenerateRequest&) -> Result<std::string> { return "good"; });
  };
  Judge judge(std::move(options));
  EXPECT_EQ(ask(judge, question("a")).status, JudgeStatus::kOk);
  EXPECT_EQ(ask(judge, question("b")).status, JudgeStatus::kOk);
  EXPECT_EQ(opened, 3);
}

TEST(Judge, AStopAnswersWhatRunsAndWhatWaits) {
  std::stop_source stop;
  JudgeOptions options = judge_options([](const lm::GenerateRequest&) -> Result<std::string> { return "good"; }, 10s);
  options.concurrency = 1;
  options.stop = stop.get_token();
  Judge judge(std::move(options));
  std::vector<std::promise<JudgeReply>> promises(5);
  for (std::size_t i = 0; i < promises.size(); ++i)
    judge.ask({}, question(std::to_string(i)),
              [&promise = promises[i]](const JudgeReply& reply) { promise.set_value(reply); });
  stop.request_stop();
  for (auto& promise : promises) EXPECT_EQ(promise.get_future().get().status, JudgeStatus::kUnavailable);
}

TEST(Judge, ClosingAnswersWhatWaits) {
  std::vector<std::promise<JudgeReply>> promises(5);
  {
    JudgeOptions options = judge_options([](const lm::GenerateRequest&) -> Result<std::string> { return "good"; }, 10s);
    options.concurrency = 1;
    Judge judge(std::move(options));
    for (std::size_t i = 0; i < promises.size(); ++i)
      judge.ask({}, question(std::to_string(i)),
                [&promise = promises[i]](const JudgeReply& reply) { promise.set_value(reply); });
  }
  for (auto& promise : promises) EXPECT_EQ(promise.get_future().get().status, JudgeStatus::kUnavailable);
}

}  // namespace
}  // namespace llmi::reward
