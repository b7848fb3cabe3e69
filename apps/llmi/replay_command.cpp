#include "replay_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "config/options.h"
#include "render/render.h"
#include "store/run_folder.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string run;
  std::string out;
  std::string formats = "html,md,json";
};

/// Copies what a run is rebuilt from. Errors: kInvalidArgument when `to` holds something.
Result<void> copy_record(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error) && !fs::is_empty(to, error))
    return invalid_argument(fmt::format("--out {}: the folder is not empty", to.string()));
  fs::create_directories(to, error);
  for (const char* part : {"answer.txt", "events.jsonl", "figures", "inputs"}) {
    if (fs::exists(from / part)) fs::copy(from / part, to / part, fs::copy_options::recursive, error);
    if (error) return internal_error(fmt::format("cannot copy {}: {}", (from / part).string(), error.message()));
  }
  return {};
}

Result<int> replay(const Program& program, const Arguments& arguments) {
  const auto formats = config::split_list(arguments.formats);
  LLMI_CHECK_OK(render::check_formats(formats));
  LLMI_TRY(const auto document, store::read_run(arguments.run));
  const fs::path folder = arguments.out.empty() ? arguments.run : arguments.out;
  if (!arguments.out.empty()) LLMI_CHECK_OK(copy_record(arguments.run, folder));
  LLMI_CHECK_OK(render::write_outputs(document, folder, formats));
  if (program.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"folder", folder.string()}, {"status", document.complete ? "complete" : "partial"}}.dump());
    return 0;
  }
  for (const std::string& format : formats) fmt::print("{}\n", (folder / ("document." + format)).string());
  return 0;
}

}  // namespace

Run declare_replay(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("RUN", arguments->run, "the run folder")->required();
  app.add_option("--out", arguments->out, "write the rebuilt run there instead of in place")->type_name("DIR");
  app.add_option("--format", arguments->formats, "output formats, comma-separated: html, md, json")->capture_default_str();
  return [arguments](Program& program) { return replay(program, *arguments); };
}

}  // namespace llmi::app
