// tests/spec/edit/*.txt: what people ask for, and below it, indented, the program that the rules make of it, one
// operation a line, or "not expressible". An instruction is taken as a whole or not at all.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "base/file.h"
#include "tools/edit/instruction.h"

namespace llmi::tools::edit {
namespace {

constexpr std::string_view kNotExpressible = "not expressible\n";

struct Wording {
  std::string instruction;
  std::string expected;
};

std::vector<Wording> read_wordings(const std::filesystem::path& path) {
  std::istringstream lines(read_file(path).value());
  std::vector<Wording> wordings;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("  ")) {
      wordings.back().expected += line.substr(2) + "\n";
    } else {
      wordings.push_back({.instruction = line});
    }
  }
  return wordings;
}

std::string program_of(std::string_view instruction) {
  const auto read = read_instruction(instruction);
  const auto* program = std::get_if<Program>(&read);
  return program == nullptr ? std::string(kNotExpressible) : print(*program);
}

TEST(EditSpec, Wordings) {
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator("tests/spec/edit")) {
    for (const Wording& wording : read_wordings(file.path())) {
      EXPECT_EQ(program_of(wording.instruction), wording.expected)
          << file.path().filename() << ": " << wording.instruction;
      ++count;
    }
  }
  EXPECT_GE(count, 150U);
}

// Whatever stands beside it, a request that cannot be met takes all others with it.
TEST(EditSpec, NeverHalf) {
  for (const char* strange : {"remove the person on the left", "but not the sky", "don't crop it"}) {
    for (const auto& file : std::filesystem::directory_iterator("tests/spec/edit")) {
      for (const Wording& wording : read_wordings(file.path())) {
        for (const char* joint : {" ", " and "}) {
          EXPECT_EQ(program_of(wording.instruction + joint + strange), kNotExpressible)
              << wording.instruction << joint << strange;
        }
      }
    }
  }
}

// What the rules make is what llmi-picture reads.
TEST(EditSpec, ProgramsReadBack) {
  for (const auto& file : std::filesystem::directory_iterator("tests/spec/edit")) {
    for (const Wording& wording : read_wordings(file.path())) {
      if (wording.expected == kNotExpressible) continue;
      const auto program = read_program(wording.expected);
      ASSERT_TRUE(program) << wording.expected << program.error().message;
      EXPECT_EQ(print(*program), wording.expected);
    }
  }
}

}  // namespace
}  // namespace llmi::tools::edit
