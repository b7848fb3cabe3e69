#include "lm/llama/llama_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/paths.h"

namespace llmi::lm {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

std::filesystem::path embedded() { return dependencies_folder() / "smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"; }

class LlamaTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto opened = open_llama({.path = embedded(), .context_tokens = 2048});
    ASSERT_TRUE(opened) << opened.error().message;
    model = std::move(*opened).release();
  }
  static void TearDownTestSuite() { delete model; }

  static GenerateRequest ask(const std::string& text, std::size_t max_tokens = 40) {
    return {.messages = {{"user", text, {}}}, .max_tokens = max_tokens};
  }
  static std::string write(const GenerateRequest& request, const RunContext& context = {.seed = 7}) {
    std::string text;
    result = model->generate(context, request, [&](std::string_view piece) {
      text += piece;
      return Flow::kContinue;
    });
    return text;
  }

  static inline LanguageModel* model = nullptr;
  static inline Result<GenerateResult> result = GenerateResult{};
};

TEST_F(LlamaTest, TheSameSeedGivesTheSameText) {
  const std::string first = write(ask("Tell me about the sea."));
  EXPECT_GT(first.size(), 40U);
  EXPECT_EQ(write(ask("Tell me about the sea.")), first);
  EXPECT_NE(write(ask("Tell me about the sea."), {.seed = 8}), first);
}

TEST_F(LlamaTest, APromptThatBeginsAlikeIsReadFromWhereItDiffers) {
  write(ask("Tell me about the sea, please, in one sentence.", 4));
  write(ask("Tell me about the sea, please, in two sentences.", 4));
  ASSERT_TRUE(result);
  EXPECT_GT(result->cached_prompt_tokens, 20U);
  EXPECT_LT(result->cached_prompt_tokens, result->prompt_tokens);
}

TEST_F(LlamaTest, AGrammarHoldsTheWholeOutput) {
  GenerateRequest request = ask("What is it?");
  request.constraint.gbnf = "root ::= \"火山 \" [a-c]{3} \" 🌋\"";
  EXPECT_THAT(write(request), MatchesRegex("火山 [a-c][a-c][a-c] 🌋"));
  EXPECT_EQ(result->finish, FinishReason::kEnd);
}

TEST_F(LlamaTest, ALazyGrammarHoldsEachTagAndNothingElse) {
  // "e" at the end of a token is frequent enough to begin several tags; inside a token it is followed by other text.
  GenerateRequest request = ask("Write a story about the sea.", 200);
  request.constraint = {.gbnf = "root ::= \"e\" [0-9]{3} \"</e>\"", .trigger = "e"};
  EXPECT_THAT(write(request), testing::ContainsRegex("e[0-9][0-9][0-9]</e>.+e[0-9][0-9][0-9]</e>"));
}

TEST_F(LlamaTest, BadGrammarIsTheCallersError) {
  GenerateRequest request = ask("x");
  request.constraint.gbnf = "root ::= (";
  write(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(LlamaTest, StopTextsEndTheOutputAndAreNoPartOfIt) {
  GenerateRequest request = ask("Count.");
  request.constraint.gbnf = "root ::= \"one two three four\"";
  request.stop = {"three"};
  EXPECT_EQ(write(request), "one two ");
  EXPECT_EQ(result->finish, FinishReason::kStopped);
}

TEST_F(LlamaTest, SinkStopTokenAndDeadlineEndIt) {
  GenerateRequest request = ask("Write a long story.", 2000);
  std::size_t pieces = 0;
  auto stopped =
      model->generate({}, request, [&](std::string_view) { return ++pieces == 3 ? Flow::kStop : Flow::kContinue; });
  EXPECT_EQ(stopped->finish, FinishReason::kStopped);
  EXPECT_EQ(pieces, 3U);
  std::stop_source stop;
  stop.request_stop();
  write(request, {.stop = stop.get_token()});
  EXPECT_EQ(result->finish, FinishReason::kStopped);
  write(request, {.deadline = Deadline::after(std::chrono::milliseconds(30))});
  EXPECT_EQ(result->finish, FinishReason::kDeadline);
  EXPECT_GT(write(ask("Still there?")).size(), 5U);
}

TEST_F(LlamaTest, LengthLimit) {
  write(ask("Write a long story.", 5));
  EXPECT_EQ(result->finish, FinishReason::kLength);
  EXPECT_EQ(result->completion_tokens, 5U);
}

TEST_F(LlamaTest, APromptLongerThanTheContextIsAnError) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += "word ";
  write(ask(text));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("model.context_tokens"));
}

TEST(LlamaOpen, SaysWhatIsWrongWithTheFile) {
  EXPECT_EQ(open_llama({.path = "/nonexistent.gguf"}).error().code, ErrorCode::kNotFound);
  const auto folder = TemporaryFolder::make().value();
  const auto path = folder.path() / "broken.gguf";
  ASSERT_TRUE(write_file(path, "GGUF but not really"));
  EXPECT_EQ(open_llama({.path = path}).error().code, ErrorCode::kUnreadable);
  ASSERT_TRUE(write_file(path, read_file(embedded()).value().substr(0, 1 << 20)));
  EXPECT_EQ(open_llama({.path = path}).error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(open_llama({.path = embedded(), .loras = {{.path = "/nonexistent"}}}).error().message, HasSubstr("LoRA"));
}

}  // namespace
}  // namespace llmi::lm
