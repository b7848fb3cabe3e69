#include "tool_code_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/run_context.h"
#include "tool_result.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

struct Arguments {
  std::string code;
  std::filesystem::path out;
};

Result<int> draw(const Program& program, const Arguments& arguments) {
  LLMI_TRY(const std::string code, read_file(arguments.code, std::size_t{1} << 20));
  const auto tool = make_code_tool(program.settings);
  if (const auto availability = tool->availability(); !availability.usable)
    return fail(ErrorCode::kUnavailable, Origin::kTool, availability.reason);
  const auto begin = Clock::now();
  const auto outcome = tool->run({.stop = program.stop}, {.tag = {.params = tag::CodeParams{code}}});
  return report_tool_outcome(program, outcome, arguments.out, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin));
}

}  // namespace

Run declare_tool_code(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("FILE", arguments->code, "Python file; - reads standard input")->required();
  app.add_option("--out", arguments->out, "where the picture goes")->type_name("FILE");
  return [arguments](Program& program) { return draw(program, *arguments); };
}

}  // namespace llmi::app
