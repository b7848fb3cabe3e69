// Tiny models with random weights, made by make.py: every architecture loads, writes under grammars, reads its prompt
// once, and takes adapters. Their folder is LLMI_TEST_MODELS.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "lm/llama/llama_model.h"

namespace llmi::lm {
namespace {

std::filesystem::path folder() {
  const char* path = std::getenv("LLMI_TEST_MODELS");
  if (path == nullptr) throw std::runtime_error("LLMI_TEST_MODELS is not set");
  return path;
}

std::string write(LanguageModel& model, const GenerateRequest& request, std::uint64_t seed = 1) {
  std::string text;
  const auto result = model.generate({.seed = seed}, request, [&](std::string_view piece) {
    text += piece;
    return Flow::kContinue;
  });
  return result ? text : "error: " + result.error().message;
}

GenerateRequest asking(const std::string& text) { return {.messages = {{"user", text, {}}}, .max_tokens = 24}; }

class ArchitectureTest : public testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<LanguageModel> open() {
    auto opened = open_llama({.path = folder() / (std::string(GetParam()) + ".gguf"), .threads = 1});
    if (!opened) throw std::runtime_error(opened.error().message);
    return *std::move(opened);
  }
};

TEST_P(ArchitectureTest, WritesTheSameForTheSameSeed) {
  const std::string text = write(*open(), asking("Hello"));
  EXPECT_FALSE(text.empty());
  EXPECT_FALSE(text.starts_with("error")) << text;
  EXPECT_EQ(write(*open(), asking("Hello")), text);
}

TEST_P(ArchitectureTest, ObeysAGrammar) {
  GenerateRequest request = asking("Hello");
  request.constraint.gbnf = "root ::= (\"yes\" | \"no\") \".\"";
  const std::string text = write(*open(), request);
  EXPECT_TRUE(text == "yes." || text == "no.") << text;
}

TEST_P(ArchitectureTest, ObeysALazyGrammar) {
  GenerateRequest request = asking("Hello");
  request.assistant_prefix = "<imgen>";
  request.constraint = {.gbnf = "root ::= \"<imgen>\" [0-9] \"</imgen>\"", .trigger = "<imgen>"};
  const std::string text = write(*open(), request);
  ASSERT_GE(text.size(), 9U);
  EXPECT_EQ(text.substr(1, 8), "</imgen>") << text;
}

TEST_P(ArchitectureTest, WritesSeveralAtOnce) {
  const auto model = open();
  GenerateRequest request = asking("Hello");
  request.constraint.gbnf = "root ::= [a-z]{5} \".\"";
  std::vector<std::string> texts(3);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < texts.size(); ++i)
      threads.emplace_back([&, i] { texts[i] = write(*model, request, i); });
  }
  for (const std::string& text : texts) EXPECT_EQ(text.size(), 6U) << text;
}

TEST_P(ArchitectureTest, ReadsItsPromptOnce) {
  const auto model = open();
  const GenerateRequest request = asking("A prompt that is read once and then known.");
  write(*model, request);
  const auto again = model->generate({.seed = 1}, request, [](std::string_view) { return Flow::kContinue; });
  ASSERT_TRUE(again);
  EXPECT_GT(again->cached_prompt_tokens + 4, again->prompt_tokens);
}

INSTANTIATE_TEST_SUITE_P(All, ArchitectureTest, testing::Values("llama", "qwen2", "qwen2vl", "qwen3", "qwen3moe"),
                         [](const auto& info) { return std::string(info.param); });

std::string with_adapter(const char* model, float scale) {
  const auto opened =
      open_llama({.path = folder() / model, .threads = 1, .loras = {{folder() / "llama-lora.gguf", scale}}});
  if (!opened) return "error: " + opened.error().message;
  GenerateRequest request = asking("Hello");
  request.sampling.temperature = 0;
  return write(**opened, request);
}

TEST(AdapterTest, ChangesWhatIsWrittenByItsScale) {
  GenerateRequest request = asking("Hello");
  request.sampling.temperature = 0;
  const std::string plain = write(*open_llama({.path = folder() / "llama.gguf", .threads = 1}).value(), request);
  EXPECT_EQ(with_adapter("llama.gguf", 0), plain);
  EXPECT_NE(with_adapter("llama.gguf", 1), plain);
}

TEST(AdapterTest, OfAnotherModelIsNamed) {
  const std::string text = with_adapter("qwen3.gguf", 1);
  EXPECT_TRUE(text.starts_with("error")) << text;
  EXPECT_NE(text.find("llama-lora.gguf"), std::string::npos) << text;
}

}  // namespace
}  // namespace llmi::lm
