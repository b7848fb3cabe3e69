#include "tools/code/code_tool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llmi::tools {
namespace {

CodeTool::Options options_with(CodeTool::Decoder decoder) { return {.warm = 1, .decoder = std::move(decoder)}; }

Result<image::Picture> accept(const RunContext&, std::string_view bytes) {
  return image::Picture{.bytes = std::string(bytes), .width = 1, .height = 1};
}

Request plot(const std::string& code, const std::string& prompt = "") {
  return {.tag = {.params = tag::CodeParams{code}}, .prompt = prompt};
}

TEST(HonestNumbers, EveryValueMustBeGiven) {
  const std::string prompt =
      "Sales: 1,250 in 2019, 3.5 million (3'500'000) in 2020, -4.75% and 12.30; \xE2\x82\xAC"
      "99.";
  EXPECT_TRUE(values_are_given({1250, 2019, 3.5, 3500000, 2020, -4.75, 12.3, 99}, prompt));
  EXPECT_TRUE(values_are_given({}, "no numbers"));
  EXPECT_TRUE(values_are_given({}, ""));
  for (const double invented : {1251.0, 250.0, 4.75, 35.0, 0.0, 12.4, 9.0, -99.0})
    EXPECT_FALSE(values_are_given({1250, invented}, prompt)) << invented;
  EXPECT_FALSE(values_are_given({1}, ""));
}

TEST(HonestNumbers, FourDigitsCount) {
  EXPECT_TRUE(values_are_given({3.14159}, "3.1416"));
  EXPECT_FALSE(values_are_given({3.15}, "3.1416"));
  EXPECT_TRUE(values_are_given({0}, "0 degrees"));
}

TEST(HonestNumbers, ListsAreNotThousands) {
  EXPECT_TRUE(values_are_given({1, 2, 3}, "1,2,3"));
  EXPECT_TRUE(values_are_given({10, 2000}, "10,2000"));
  EXPECT_FALSE(values_are_given({102000}, "10,2000"));
}

TEST(CodeToolTest, ProvenanceSaysWhoseNumbersTheseAre) {
  CodeTool tool(options_with(accept));
  const std::string code = "plt.bar(['a', 'b'], [3, 4.5])";
  for (const auto& [prompt, data] : {std::pair{"plot 3 and 4.5", "given"}, std::pair{"plot 3 and 5", "model"}}) {
    const Outcome outcome = tool.run({}, plot(code, prompt));
    ASSERT_NE(outcome.made(), nullptr);
    EXPECT_EQ(outcome.made()->provenance.data, data) << prompt;
    EXPECT_EQ(outcome.report->drawn.values, (std::vector<double>{3, 4.5}));
  }
}

TEST(CodeToolTest, FaultsHaveStages) {
  CodeTool tool(options_with(accept));
  struct Case {
    const char* code;
    Stage stage;
    const char* message;
  };
  for (const auto& [code, stage, message] :
       {Case{"1/0", Stage::kTool, "ZeroDivisionError"}, Case{"plt.plot([1)", Stage::kTool, "SyntaxError"},
        Case{"x = 1", Stage::kTool, "drew nothing"}, Case{"import socket; socket.socket()", Stage::kPolicy, "forbids"},
        Case{"bytearray(8 << 30)", Stage::kTool, "memory"}}) {
    const Outcome outcome = tool.run({}, plot(code));
    ASSERT_NE(outcome.fault(), nullptr) << code;
    EXPECT_EQ(outcome.fault()->stage, stage) << code;
    EXPECT_THAT(outcome.fault()->message, testing::HasSubstr(message)) << code;
    EXPECT_TRUE(outcome.report) << code;
  }
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(tool.run({.stop = stop.get_token()}, plot("plt.plot([1])")).fault()->stage, Stage::kCancelled);
  const RunContext late{.deadline = Deadline::after(std::chrono::milliseconds(0))};
  EXPECT_EQ(tool.run(late, plot("plt.plot([1])")).fault()->stage, Stage::kTimeout);
}

TEST(CodeToolTest, WhatCannotBeReadIsADecodeFault) {
  struct Case {
    ErrorCode code;
    Stage stage;
  };
  for (const auto& [code, stage] :
       {Case{ErrorCode::kUnreadable, Stage::kDecode}, Case{ErrorCode::kTimeout, Stage::kTimeout},
        Case{ErrorCode::kCancelled, Stage::kCancelled}}) {
    CodeTool tool(options_with([code](const RunContext&, std::string_view) -> Result<image::Picture> {
      return fail(code, Origin::kTool, "no");
    }));
    const Outcome outcome = tool.run({}, plot("plt.plot([1])"));
    ASSERT_NE(outcome.fault(), nullptr);
    EXPECT_EQ(outcome.fault()->stage, stage);
    EXPECT_EQ(outcome.report->figures, 1U);
  }
}

TEST(CodeToolTest, CacheIdentityIsWhatDecidesThePlot) {
  const CodeTool tool(options_with(accept));
  auto svg = options_with(accept);
  svg.format = "svg";
  const std::string identity = tool.cache_identity({}, plot("1"));
  EXPECT_THAT(identity, testing::AllOf(testing::HasSubstr("matplotlib 3"), testing::HasSubstr("numpy")));
  EXPECT_EQ(identity, CodeTool(options_with(accept)).cache_identity({}, plot("2")));
  EXPECT_NE(identity, CodeTool(svg).cache_identity({}, plot("1")));
}

TEST(CodeToolTest, WithoutASandboxItIsUnavailableAndNothingIsCached) {
  auto broken = options_with(accept);
  broken.sandbox.bubblewrap = "/nonexistent/bwrap";
  CodeTool tool(broken);
  EXPECT_FALSE(tool.availability().usable);
  EXPECT_THAT(tool.availability().reason, testing::HasSubstr("install bubblewrap"));
  EXPECT_EQ(tool.cache_identity({}, plot("1")), "");
  EXPECT_EQ(tool.run({}, plot("plt.plot([1])")).fault()->stage, Stage::kTool);
}

}  // namespace
}  // namespace llmi::tools
