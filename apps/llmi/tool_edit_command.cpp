#include "tool_edit_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/run_context.h"
#include "image/decode.h"
#include "tool_result.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

struct Arguments {
  std::string picture;
  std::string instruction;
  std::filesystem::path out;
};

/// A readable file that is no picture is a fault of the figure, not an error of the program.
Result<tools::Outcome> edit(const RunContext& context, tools::Tool& tool, std::string_view bytes,
                            const std::string& instruction) {
  auto parent = image::decode_untrusted(context, bytes);
  if (!parent && parent.error().code != ErrorCode::kUnreadable) return std::unexpected(std::move(parent).error());
  if (!parent) return tools::Outcome{.result = Fault{Stage::kDecode, parent.error().message}};
  return tool.run(context, {.tag = {.params = tag::EditParams{.img_index = 0, .prompt = instruction}},
                            .parent = std::make_shared<const image::Picture>(*std::move(parent))});
}

Result<int> run_edit(const Program& program, const Arguments& arguments) {
  LLMI_TRY(const std::string bytes, read_file(arguments.picture));
  const auto tool = make_edit_tool(program.settings);
  if (const auto availability = tool->availability(); !availability.usable)
    return fail(ErrorCode::kUnavailable, Origin::kTool, availability.reason);
  const auto begin = Clock::now();
  LLMI_TRY(const tools::Outcome outcome, edit({.stop = program.stop}, *tool, bytes, arguments.instruction));
  return report_tool_outcome(program, outcome, arguments.out,
                             std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin));
}

}  // namespace

Run declare_tool_edit(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("PICTURE", arguments->picture, "picture file; - reads standard input")->required();
  app.add_option("INSTRUCTION", arguments->instruction, "what to change, in plain words")->required();
  app.add_option("--out", arguments->out, "where the picture goes")->type_name("FILE");
  return [arguments](Program& program) { return run_edit(program, *arguments); };
}

}  // namespace llmi::app
