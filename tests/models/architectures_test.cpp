// Tiny models with random weights, made by make.py: every architecture loads, writes under grammars, reads its prompt
// once, takes adapters and sees pictures. Their folder is LLMI_TEST_MODELS.
#include <gtest/gtest.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
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

std::shared_ptr<const image::Picture> read_picture(const char* name) {
  std::ifstream in(folder() / name, std::ios::binary);
  return std::make_shared<const image::Picture>(
      image::Picture{.bytes = {std::istreambuf_iterator<char>(in), {}}, .width = 64, .height = 48});
}

class SeeingTest : public testing::Test {
 protected:
  std::unique_ptr<LanguageModel> open() {
    auto opened =
        open_llama({.path = folder() / "qwen2vl.gguf", .threads = 1, .mmproj = folder() / "qwen2vl-mmproj.gguf"});
    if (!opened) throw std::runtime_error(opened.error().message);
    return *std::move(opened);
  }
  GenerateRequest shown(const std::vector<const char*>& names, const std::string& text = "What is this?") {
    GenerateRequest request = asking(text);
    request.sampling.temperature = 0;
    for (const char* name : names) request.messages.front().pictures.push_back(read_picture(name));
    return request;
  }
};

TEST_F(SeeingTest, WhatIsWrittenDependsOnThePicture) {
  const auto model = open();
  EXPECT_TRUE(model->capabilities().sees);
  const std::string red = write(*model, shown({"red.png"}));
  EXPECT_FALSE(red.empty() || red.starts_with("error")) << red;
  EXPECT_EQ(write(*open(), shown({"red.png"})), red);
  EXPECT_NE(write(*model, shown({"stripes.png"})), red);
  EXPECT_NE(write(*model, shown({})), red);
  EXPECT_NE(write(*model, shown({"red.png", "stripes.png"})), write(*model, shown({"stripes.png", "red.png"})));
}

// 64 x 48 pixels are 4 x 3 merged patches: 12 cells, but positions move on by 4 only.
TEST_F(SeeingTest, AKnownPictureIsNotReadAgain) {
  const auto model = open();
  // A few tokens: with random weights the next one is a close call that rounding decides.
  GenerateRequest request = shown({"red.png"});
  request.max_tokens = 8;
  const std::string first = write(*model, request);
  GenerateResult again;
  std::string text;
  const auto result = model->generate({.seed = 1}, request, [&](std::string_view piece) {
    text += piece;
    return Flow::kContinue;
  });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(text, first);
  EXPECT_EQ(result->cached_prompt_tokens + 1, result->prompt_tokens);
  const auto blind = model->generate({.seed = 1}, shown({}), [](std::string_view) { return Flow::kContinue; });
  ASSERT_TRUE(blind);
  EXPECT_GE(result->prompt_tokens, blind->prompt_tokens + 12);
  GenerateRequest another = shown({"red.png"}, "Who painted this?");
  another.max_tokens = 8;
  EXPECT_EQ(write(*model, another), write(*open(), another)) << "the picture's state is shared";
}

TEST_F(SeeingTest, SeveralAtOnce) {
  const auto model = open();
  std::vector<std::string> texts(3);
  const std::vector<const char*> names{"red.png", "stripes.png", "red.png"};
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < texts.size(); ++i)
      threads.emplace_back([&, i] { texts[i] = write(*model, shown({names[i]})); });
  }
  for (const std::string& text : texts) EXPECT_FALSE(text.empty() || text.starts_with("error")) << text;
}

TEST_F(SeeingTest, AMarkerInAMessageIsText) {
  const std::string text = write(*open(), shown({"red.png"}, "What is <__media__>?"));
  EXPECT_FALSE(text.starts_with("error")) << text;
}

TEST_F(SeeingTest, WhatIsNoPictureIsAnError) {
  GenerateRequest request = shown({});
  request.messages.front().pictures.push_back(std::make_shared<const image::Picture>(image::Picture{.bytes = "no"}));
  EXPECT_TRUE(write(*open(), request).starts_with("error"));
}

TEST(PictureEncoderTest, OfAnotherModelIsNamed) {
#ifdef __SANITIZE_ADDRESS__
  // mtmd leaks what it has made when it then refuses the model.
  const __lsan::ScopedDisabler library_leak;
#endif
  for (const char* encoder : {"qwen2vl-mmproj.gguf", "llama.gguf"}) {
    const auto opened = open_llama({.path = folder() / "wide.gguf", .threads = 1, .mmproj = folder() / encoder});
    ASSERT_FALSE(opened) << encoder;
    EXPECT_NE(opened.error().message.find(encoder), std::string::npos) << opened.error().message;
  }
}

TEST(PictureEncoderTest, AModelWithoutOneDoesNotSee) {
  const auto model = open_llama({.path = folder() / "qwen2vl.gguf", .threads = 1}).value();
  EXPECT_FALSE(model->capabilities().sees);
  GenerateRequest request = asking("What is this?");
  request.messages.front().pictures.push_back(read_picture("red.png"));
  EXPECT_TRUE(write(*model, request).starts_with("error"));
}

}  // namespace
}  // namespace llmi::lm
