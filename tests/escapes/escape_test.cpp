// Runs tests/escapes/programs/*.py in the sandbox: what each tries must fail, and end the way its first line says.
// Every program runs in the same pool, in order of name, so that one may look for what another left behind.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "sandbox/pool.h"

namespace llmi::sandbox {
namespace {

namespace fs = std::filesystem;

struct Program {
  std::string name;
  std::string code;
  std::string expected;
};

std::vector<Program> read_programs() {
  std::vector<Program> programs;
  for (const auto& entry : fs::directory_iterator("tests/escapes/programs")) {
    std::string code = read_file(entry.path()).value();
    const std::string line = code.substr(0, code.find('\n'));
    programs.push_back({entry.path().stem().string(), std::move(code), line.substr(line.find(": ") + 2)});
  }
  std::ranges::sort(programs, {}, &Program::name);
  return programs;
}

class EscapeTest : public testing::TestWithParam<Program> {
 protected:
  static void SetUpTestSuite() {
    ::setenv("LLMI_TEST_CANARY", "canary-secret", 1);
    pool = std::make_unique<Pool>(Settings{}, 1);
  }
  static void TearDownTestSuite() { pool.reset(); }
  static std::unique_ptr<Pool> pool;
};
std::unique_ptr<Pool> EscapeTest::pool;

TEST_P(EscapeTest, Fails) {
  const Program& program = GetParam();
  // Only what is meant to run out of time has little of it: a busy machine may take long to reach another limit.
  const auto time = std::chrono::seconds(program.expected == "timeout" ? 2 : 20);
  const auto result = pool->run({}, {.code = program.code, .timeout = time, .memory_bytes = std::uint64_t{1} << 30});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(result->out, testing::Not(testing::HasSubstr("ESCAPED")));
  EXPECT_LE(result->out.size(), std::size_t{1} << 20);
  EXPECT_LE(result->err.size(), std::size_t{1} << 20);
  const std::string ended = result->fault ? std::string(name(result->fault->stage)) : "drawn";
  EXPECT_EQ(ended, program.expected) << (result->fault ? result->fault->message : "") << "\n"
                                     << result->err.substr(0, 2000);
  EXPECT_EQ(result->picture.empty(), ended != "drawn");
}

INSTANTIATE_TEST_SUITE_P(Programs, EscapeTest, testing::ValuesIn(read_programs()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace llmi::sandbox
