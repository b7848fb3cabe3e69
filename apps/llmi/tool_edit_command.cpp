#include "tool_edit_command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/file.h"
#include "base/random.h"
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
  std::optional<std::uint64_t> seed;
};

/// A readable file that is no picture is a fault of the figure, not an error of the program.
Result<std::expected<tools::Request, Fault>> edit_request(const RunContext& context, std::string_view bytes,
                                                          const std::string& instruction) {
  auto parent = image::decode_untrusted(context, bytes);
  if (!parent && parent.error().code != ErrorCode::kUnreadable) return std::unexpected(std::move(parent).error());
  if (!parent) return std::expected<tools::Request, Fault>(std::unexpect, Stage::kDecode, parent.error().message);
  return tools::Request{.tag = {.params = tag::EditParams{.img_index = 0, .prompt = instruction}},
                        .parent = std::make_shared<const image::Picture>(*std::move(parent))};
}

Result<int> run_edit(const Program& program, const Arguments& arguments) {
  LLMI_TRY(const std::string bytes, read_file(arguments.picture));
  const auto request = [&](const RunContext& context) { return edit_request(context, bytes, arguments.instruction); };
  return run_tool(program, make_edit_tool, request, arguments.out, arguments.seed.value_or(random_seed()));
}

}  // namespace

Run declare_tool_edit(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("PICTURE", arguments->picture, "picture file; - reads standard input")->required();
  app.add_option("INSTRUCTION", arguments->instruction, "what to change, in plain words")->required();
  app.add_option("--out", arguments->out, "where the picture goes")->type_name("FILE");
  app.add_option("--seed", arguments->seed, "decides what is random; default: random, and part of the provenance");
  return [arguments](Program& program) { return run_edit(program, *arguments); };
}

}  // namespace llmi::app
