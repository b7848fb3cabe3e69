#include "replay_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "config/options.h"
#include "render/render.h"
#include "store/run_folder.h"
#include "store/run_record.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string run;
  std::string out;
  std::string formats;
};

/// Copies what a run is rebuilt from, file by file: the rights of a read-only run do not come along.
/// Errors: kInvalidArgument when `to` holds something or is no folder.
Result<void> copy_record(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error) && !(fs::is_directory(to, error) && fs::is_empty(to, error)))
    return invalid_argument(fmt::format("--out {}: not an empty folder", to.string()));
  for (const char* part : {"answer.txt", "events.jsonl"}) {
    if (!fs::exists(from / part, error)) continue;
    LLMI_TRY(const std::string bytes, read_file(from / part));
    LLMI_CHECK_OK(write_file(to / part, bytes));
  }
  for (const char* part : {"figures", "inputs"}) {
    for (const auto& entry : fs::directory_iterator(from / part, error)) {
      LLMI_TRY(const std::string bytes, read_file(entry.path()));
      LLMI_CHECK_OK(write_file(to / part / entry.path().filename(), bytes));
    }
  }
  return {};
}

/// The formats the run has; all of them where it never came to writing one.
std::vector<std::string> formats_of(const fs::path& run) {
  const std::vector<std::string> all{"html", "md", "json"};
  std::vector<std::string> found;
  std::error_code error;
  for (const std::string& format : all) {
    if (fs::exists(run / ("document." + format), error)) found.push_back(format);
  }
  return found.empty() ? all : found;
}

Result<int> replay(const Program& program, const Arguments& arguments) {
  const auto formats = arguments.formats.empty() ? formats_of(arguments.run) : config::split_list(arguments.formats);
  LLMI_CHECK_OK(render::check_formats(formats));
  LLMI_TRY(const auto document, store::read_run(arguments.run));
  const fs::path folder = arguments.out.empty() ? arguments.run : arguments.out;
  if (!arguments.out.empty()) LLMI_CHECK_OK(copy_record(arguments.run, folder));
  LLMI_CHECK_OK(render::write_outputs(document, folder, formats));
  if (program.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"folder", folder.string()},
                                              {"status", document.complete ? "complete" : "partial"}}
                           .dump());
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
  app.add_option("--format", arguments->formats,
                 "output formats, comma-separated: html, md, json (default: those of the run)");
  return [arguments](Program& program) { return replay(program, *arguments); };
}

}  // namespace llmi::app
