#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/paths.h"
#include "command.h"
#include "console.h"
#include "interrupt.h"

namespace llmi::app {
namespace {

constexpr const char* kAbout =
    "Writes documents with text and pictures: a language model calls image search, code for plots,\n"
    "and picture editing where a picture helps. Works offline.";

struct Declared {
  CLI::App* app;
  Run run;
};

std::vector<Declared> declare_commands(CLI::App& app, Program& program) {
  std::vector<Declared> declared;
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.help));
    declared.push_back({sub, command.declare(*sub)});
    auto leaves = sub->get_subcommands([](const CLI::App*) { return true; });
    if (leaves.empty()) leaves.push_back(sub);
    for (CLI::App* leaf : leaves)
      leaf->add_flag("--json", program.json, "one JSON object or NDJSON events on standard output");
  }
  return declared;
}

int report(const Error& error) {
  tell("llmi: {}\n", error.message);
  return exit_code(error);
}

int run(const std::vector<Declared>& declared, Program& program) {
  auto settings = config::Settings::load(config_folder() / "config.toml", environ);
  if (!settings) return report(settings.error());
  program.settings = *std::move(settings);
  for (const Declared& command : declared) {
    if (!command.app->parsed()) continue;
    const auto code = command.run(program);
    return code ? *code : report(code.error());
  }
  return 2;
}

int main_checked(int argc, char** argv) {
  Interrupt interrupt;
  Program program{.settings = {}, .stop = interrupt.token()};
  CLI::App app{kAbout, "llmi"};
  app.require_subcommand(1);
  app.set_version_flag("--version", LLMI_VERSION);
  const auto declared = declare_commands(app, program);
  try {
    // CLI11 takes the last argument first.
    app.parse(std::vector<std::string>(std::make_reverse_iterator(argv + argc),
                                       std::make_reverse_iterator(argv + std::min(argc, 1))));
  } catch (const CLI::ParseError& error) {
    // Help and version are "errors" with code 0; everything else is wrong usage, exit code 2 for all of CLI11's kinds.
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  return run(declared, program);
}

}  // namespace
}  // namespace llmi::app

int main(int argc, char** argv) {
  try {
    const int code = llmi::app::main_checked(argc, argv);
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
    llmi::app::tell("llmi: standard output could not be written\n");
    return code == 0 ? 1 : code;
  } catch (const std::exception& error) {
    llmi::app::tell("llmi: internal error: {}\n", error.what());
    return 1;
  }
}
