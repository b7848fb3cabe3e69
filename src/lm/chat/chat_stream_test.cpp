#include "lm/chat/chat_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace llmi::lm::chat {
namespace {

struct Outcome {
  std::string text;
  Result<GenerateResult> result = GenerateResult{};
};

Outcome read(std::string_view stream, std::size_t step, bool framed = false) {
  Outcome outcome;
  const TextSink sink = [&](std::string_view piece) {
    outcome.text += piece;
    return Flow::kContinue;
  };
  ChatStream reader(sink);
  for (std::size_t at = 0; at < stream.size() && reader.feed(stream.substr(at, step)); at += step) {
  }
  outcome.result = reader.finish(framed);
  return outcome;
}

std::string delta(std::string_view fields) {
  return "data: {\"choices\":[{\"index\":0,\"delta\":{" + std::string(fields) + "},\"finish_reason\":null}]}\n\n";
}

const std::string kDone = "data: [DONE]\n\n";
const std::string kStop = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

TEST(ChatStream, AnySplitGivesTheSameText) {
  const std::string stream = ": keep-alive\n\n" + delta(R"("role":"assistant","content":null)") +
                             delta(R"("content":"Héllo ")") + delta(R"("content":"wörld")") + kStop +
                             "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,"
                             "\"prompt_tokens_details\":{\"cached_tokens\":5}}}\n\n" +
                             kDone;
  for (std::size_t step = 1; step < stream.size(); step += 3) {
    const Outcome outcome = read(stream, step);
    EXPECT_EQ(outcome.text, "Héllo wörld");
    ASSERT_TRUE(outcome.result) << outcome.result.error().message;
    EXPECT_EQ(outcome.result->finish, FinishReason::kEnd);
    EXPECT_EQ(outcome.result->prompt_tokens, 7U);
    EXPECT_EQ(outcome.result->completion_tokens, 3U);
    EXPECT_EQ(outcome.result->cached_prompt_tokens, 5U);
  }
}

TEST(ChatStream, EndsInUse) {
  const std::string text = delta(R"("content":"a")");
  EXPECT_TRUE(read(text + kStop + kDone, 9).result);
  EXPECT_TRUE(read(text + kStop, 9).result) << "no [DONE]";
  EXPECT_TRUE(read(text + kDone, 9).result) << "no finish reason";
  EXPECT_TRUE(read(text, 9, true).result) << "neither, but HTTP says that it is whole";
  EXPECT_EQ(read(text, 9, false).result.error().code, ErrorCode::kUnavailable) << "neither: a cut";
  EXPECT_EQ(read(text + "data: {\"choi", 9, true).result.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(read("<html>Login</html>", 9, true).result.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(read("", 9, true).result.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(read(text + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n", 9).result->finish,
            FinishReason::kLength);
}

TEST(ChatStream, ErrorsInsideTheStream) {
  const Outcome outcome =
      read(delta(R"("content":"part")") + R"(data: {"error":{"message":"out of memory","code":500}})"
                                          "\n\n",
           5);
  EXPECT_EQ(outcome.text, "part");
  ASSERT_FALSE(outcome.result);
  EXPECT_NE(outcome.result.error().message.find("out of memory"), std::string::npos);
  EXPECT_FALSE(read("{\"error\":\"model not found\"}\n", 5).result) << "Ollama's form";
  EXPECT_FALSE(read("data: nonsense\n\n", 5).result);
  EXPECT_EQ(
      read("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n", 5).result.error().code,
      ErrorCode::kForbidden);
}

TEST(ChatStream, ThoughtsStandBetweenMarks) {
  for (const char* key : {"reasoning_content", "reasoning", "thinking"}) {
    const std::string field = std::string("\"") + key + "\":";
    const Outcome outcome = read(delta(field + R"("Hm, <imgen> ","content":null)") + delta(field + R"("yes")") +
                                     delta(R"("content":"Answer")") + kStop,
                                 11);
    EXPECT_EQ(outcome.text, "<think>Hm, <imgen> yes</think>\nAnswer");
  }
  EXPECT_EQ(read(delta(R"("reasoning":"endless")") + kStop, 11).text, "<think>endless</think>\n");
  EXPECT_EQ(read(delta(R"("content":"<think>inline</think>ok")") + kStop, 11).text, "<think>inline</think>ok");
}

TEST(ChatStream, OddShapesAreErrorsAndNoCrash) {
  for (const char* odd :
       {R"({"choices":[null]})", R"({"choices":[{"delta":3}]})", R"({"choices":[{"delta":{"content":3}}]})",
        R"({"done":"yes","message":{"content":"a"}})", R"([1])", "3", R"({"choices":{"a":1}})"}) {
    static_cast<void>(read(std::string("data: ") + odd + "\n\n", 9).result);
    EXPECT_FALSE(read(std::string(odd) + "\n", 9).result) << odd;
  }
}

TEST(ChatStream, LinesOfJson) {
  const std::string stream =
      R"({"model":"m","message":{"role":"assistant","content":"Hel"},"done":false})"
      "\n"
      R"({"model":"m","message":{"role":"assistant","thinking":"","content":"lo"},"done":false})"
      "\n"
      R"({"model":"m","message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":2})"
      "\n";
  for (std::size_t step = 1; step < 60; ++step) {
    const Outcome outcome = read(stream, step);
    EXPECT_EQ(outcome.text, "Hello");
    ASSERT_TRUE(outcome.result);
    EXPECT_EQ(outcome.result->prompt_tokens, 9U);
    EXPECT_EQ(outcome.result->completion_tokens, 2U);
  }
}

TEST(ChatStream, AServerThatDoesNotStream) {
  const Outcome outcome = read(
      "{\n  \"choices\": [\n {\"message\": {\"content\": \"whole\"}, \"finish_reason\": \"stop\"}\n ],\n"
      "  \"usage\": {\"prompt_tokens\": 1, \"completion_tokens\": 2}\n}",
      7, true);
  EXPECT_EQ(outcome.text, "whole");
  ASSERT_TRUE(outcome.result) << outcome.result.error().message;
  EXPECT_EQ(outcome.result->completion_tokens, 2U);
}

TEST(ChatStream, TheSinkMayStop) {
  int calls = 0;
  const TextSink sink = [&](std::string_view) { return ++calls == 2 ? Flow::kStop : Flow::kContinue; };
  ChatStream reader(sink);
  EXPECT_FALSE(reader.feed(delta(R"("content":"a")") + delta(R"("content":"b")") + delta(R"("content":"c")")));
  EXPECT_EQ(reader.finish(false)->finish, FinishReason::kStopped);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace llmi::lm::chat
