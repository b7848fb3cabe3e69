#include "eval/model_judge.h"

#include <gtest/gtest.h>

#include "reward/testing_judge.h"

namespace llmi::eval {
namespace {

const std::vector<Scale> kScales{{.name = "score", .lowest = 0, .highest = 2}};

TEST(ReadVerdict, TheLastWholeObjectCounts) {
  EXPECT_EQ(read_verdict(R"({"reason": "a {b}", "score": 1})", kScales)->marks.at("score"), 1);
  EXPECT_EQ(read_verdict("Well: {\"score\": 0}, or rather\n```json\n{\"score\": 2}\n``` I think.", kScales)
                ->marks.at("score"),
            2);
  EXPECT_EQ(read_verdict("<think>{\"score\": 0}</think>{\"score\": 2.0, \"reason\": \"r\"}", kScales)->reason, "r");
}

TEST(ReadVerdict, NothingElseIsAMark) {
  for (const char* reply : {"", "2", "{\"score\": 3}", "{\"score\": -1}", "{\"score\": 1.5}", "{\"score\": \"2\"}",
                            "{\"mark\": 2}", "<think>{\"score\": 2}", "{\"score\": 2"})
    EXPECT_FALSE(read_verdict(reply, kScales)) << reply;
}

Result<Verdict> ask(reward::ReplyingModel::Reply reply) {
  reward::Judge judge(reward::judge_options(std::move(reply)));
  return ask_model(judge)({}, {.prompt_id = "p/1", .instructions = "Mark.", .content = "A fox.", .scales = kScales});
}

TEST(AskModel, RepairsOnce) {
  int calls = 0;
  const auto verdict = ask([&](const lm::GenerateRequest& request) -> Result<std::string> {
    EXPECT_EQ(request.messages.at(0).text, "Mark.");
    return ++calls == 1 ? "two" : R"({"reason": "r", "score": 2})";
  });
  ASSERT_TRUE(verdict) << verdict.error().message;
  EXPECT_EQ(verdict->marks.at("score"), 2);
  EXPECT_EQ(verdict->reply, R"({"reason": "r", "score": 2})");
  EXPECT_EQ(calls, 2);
}

TEST(AskModel, AnUnreadableReplyAndAnOutageAreErrors) {
  const auto unreadable = ask([](const lm::GenerateRequest&) -> Result<std::string> { return "two"; });
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error().code, ErrorCode::kUnreadable);
  const auto away = ask([](const lm::GenerateRequest&) -> Result<std::string> {
    return fail(ErrorCode::kUnavailable, Origin::kModel, "away");
  });
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace llmi::eval
