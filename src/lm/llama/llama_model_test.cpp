#include "lm/llama/llama_model.h"

#include <gtest/gtest.h>

#include <string>

#include "base/paths.h"

namespace llmi::lm {
namespace {

std::filesystem::path embedded_model() { return dependencies_folder() / "smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"; }

LanguageModel& model() {
  static const auto kOpened = open_llama({.path = embedded_model()});
  if (!kOpened) throw std::runtime_error(kOpened.error().message);
  return **kOpened;
}

struct Written {
  std::string text;
  GenerateResult result;
};

Written write(const GenerateRequest& request, std::uint64_t seed = 1) {
  Written written;
  const auto result = model().generate({.seed = seed}, request, [&](std::string_view piece) {
    written.text += piece;
    return Flow::kContinue;
  });
  if (!result) throw std::runtime_error(result.error().message);
  written.result = *result;
  return written;
}

GenerateRequest asking(std::string text) {
  GenerateRequest request;
  request.messages.push_back({.role = "user", .text = std::move(text), .pictures = {}});
  request.max_tokens = 60;
  return request;
}

TEST(LlamaModel, AnswersAPrompt) {
  GenerateRequest request = asking("What is the capital of France? Answer in one short sentence.");
  request.sampling.temperature = 0;
  const Written written = write(request);
  EXPECT_NE(written.text.find("Paris"), std::string::npos) << written.text;
  EXPECT_EQ(written.result.finish, FinishReason::kEnd);
}

TEST(LlamaModel, AGrammarHoldsTheWholeOutput) {
  GenerateRequest request = asking("Name a colour.");
  request.constraint.gbnf = "root ::= \"The colour is \" (\"red\" | \"blue\") \".\"";
  const Written written = write(request);
  EXPECT_TRUE(written.text == "The colour is red." || written.text == "The colour is blue.") << written.text;
  EXPECT_EQ(written.result.finish, FinishReason::kEnd);
}

TEST(LlamaModel, ALazyGrammarHoldsWhatFollowsItsTriggerAndThenLetsGo) {
  GenerateRequest request = asking("Tell me about cats.");
  request.assistant_prefix = "Cats are animals.\n<imgen>";
  request.constraint = {.gbnf = "root ::= \"<imgen>{\\\"n\\\": \" [0-9] \"}</imgen>\"", .trigger = "<imgen>"};
  const Written written = write(request);
  EXPECT_EQ(written.text.substr(0, 6), "{\"n\": ") << written.text;
  EXPECT_EQ(written.text.substr(7, 9), "}</imgen>") << written.text;
  EXPECT_GT(written.text.size(), 30U);
}

}  // namespace
}  // namespace llmi::lm
