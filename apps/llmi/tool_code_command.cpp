#include "tool_code_command.h"

#include <CLI/CLI.hpp>
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
  const auto request = [&](const RunContext&) { return tools::Request{.tag = {.params = tag::CodeParams{code}}}; };
  const bool svg = arguments.out.extension() == ".svg";
  return run_tool(program, svg ? make_svg_code_tool : make_code_tool, request, arguments.out);
}

}  // namespace

Run declare_tool_code(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("FILE", arguments->code, "Python file; - reads standard input")->required();
  app.add_option("--out", arguments->out, "where the picture goes; a name that ends in .svg gives SVG")
      ->type_name("FILE");
  return [arguments](Program& program) { return draw(program, *arguments); };
}

}  // namespace llmi::app
