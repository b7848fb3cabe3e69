#include "tool_diffusion_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/run_context.h"
#include "tool_result.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

struct Arguments {
  std::string prompt;
  std::filesystem::path out;
};

Result<int> paint(const Program& program, const Arguments& arguments) {
  const auto tool = make_diffusion_tool(program.settings);
  if (const auto availability = tool->availability(); !availability.usable)
    return fail(ErrorCode::kUnavailable, Origin::kTool,
                fmt::format("{}; {}", availability.reason, availability.remedy));
  const auto begin = Clock::now();
  const auto outcome = tool->run({.stop = program.stop}, {.tag = {.params = tag::DiffusionParams{arguments.prompt}}});
  return report_tool_outcome(program, outcome, arguments.out,
                             std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin));
}

}  // namespace

Run declare_tool_diffusion(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("PROMPT", arguments->prompt, "what the picture shows, and its style")->required();
  app.add_option("--out", arguments->out, "where the picture goes")->type_name("FILE");
  return [arguments](Program& program) { return paint(program, *arguments); };
}

}  // namespace llmi::app
