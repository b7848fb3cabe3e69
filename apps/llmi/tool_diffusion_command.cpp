#include "tool_diffusion_command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/run_context.h"
#include "tool_result.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

struct Arguments {
  std::string prompt;
  std::filesystem::path out;
  std::optional<std::uint64_t> seed;
};

Result<int> paint(const Program& program, const Arguments& arguments) {
  const auto request = [&](const RunContext&) {
    return tools::Request{.tag = {.params = tag::DiffusionParams{arguments.prompt}}};
  };
  return run_tool(program, make_diffusion_tool, request, arguments.out, arguments.seed.value_or(random_seed()));
}

}  // namespace

Run declare_tool_diffusion(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("PROMPT", arguments->prompt, "what the picture shows, and its style")->required();
  app.add_option("--out", arguments->out, "where the picture goes")->type_name("FILE");
  app.add_option("--seed", arguments->seed, "decides what is random; default: random, and part of the provenance");
  return [arguments](Program& program) { return paint(program, *arguments); };
}

}  // namespace llmi::app
