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
#include "console.h"
#include "render/render.h"
#include "run_formats.h"
#include "store/run_files.h"
#include "store/run_place.h"
#include "store/run_record.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string run;
  std::string out;
  std::string formats;
};

/// Copies what a run is rebuilt from, file by file: the rights of a read-only run do not come along. The events first,
/// as every run begins. Errors: kInvalidArgument when `to` is not free or holds the run itself.
Result<void> copy_record(const fs::path& from, const fs::path& to) {
  LLMI_CHECK_OK(store::check_free(to));
  if (const fs::path way = fs::weakly_canonical(from).lexically_relative(fs::weakly_canonical(to));
      !way.empty() && *way.begin() != "..")
    return invalid_argument(fmt::format("--out {}: the run lies in it", to.string()));
  LLMI_TRY(const std::string events, read_file(from / store::kEventsFile));
  LLMI_CHECK_OK(store::take_folder(to, events));
  std::error_code error;
  if (fs::exists(from / store::kAnswerFile, error)) {
    LLMI_TRY(const std::string answer, read_file(from / store::kAnswerFile));
    LLMI_CHECK_OK(write_file(to / store::kAnswerFile, answer));
  }
  for (const char* part : {store::kFiguresFolder, store::kInputsFolder}) {
    for (const auto& entry : fs::directory_iterator(from / part, error)) {
      LLMI_TRY(const std::string bytes, read_file(entry.path()));
      LLMI_CHECK_OK(write_file(to / part / entry.path().filename(), bytes));
    }
  }
  return {};
}

Result<int> replay(const Program& program, const Arguments& arguments) {
  LLMI_TRY(const auto record, store::read_record(arguments.run));
  const auto formats =
      arguments.formats.empty() ? formats_of(record.started(), arguments.run) : config::split_list(arguments.formats);
  LLMI_CHECK_OK(render::check_formats(formats));
  LLMI_TRY(const auto document, store::read_run(arguments.run));
  std::error_code error;
  const bool in_place = arguments.out.empty() || fs::equivalent(arguments.run, arguments.out, error);
  const fs::path folder = in_place ? arguments.run : arguments.out;
  if (!in_place) LLMI_CHECK_OK(copy_record(arguments.run, folder));
  LLMI_CHECK_OK(render::write_outputs(document, folder, formats));
  if (program.json) {
    print("{}\n",
          nlohmann::ordered_json{{"folder", folder.string()}, {"status", document.complete ? "complete" : "partial"}}
              .dump());
    return 0;
  }
  for (const std::string& format : formats) print("{}\n", (folder / ("document." + format)).string());
  return 0;
}

}  // namespace

Run declare_replay(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("RUN", arguments->run, "the run folder")->required();
  app.add_option("--out", arguments->out,
                 "write the rebuilt run there instead of in place; an older run there is replaced")
      ->type_name("DIR");
  app.add_option(
      "--format", arguments->formats,
      "output formats, comma-separated: html, md, json, pdf, docx, pptx, epub, odt (default: those of the run)");
  return [arguments](Program& program) { return replay(program, *arguments); };
}

}  // namespace llmi::app
