#include "run_execution.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/child_process.h"
#include "base/paths.h"
#include "progress.h"
#include "render/render.h"
#include "store/run_folder.h"
#include "store/run_record.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string slug(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, 60)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    if (letter) result.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    if (!letter && !result.empty() && result.back() != '-') result.push_back('-');
  }
  while (result.ends_with('-')) result.pop_back();
  return result.empty() ? "document" : result.substr(0, 40);
}

fs::path new_run_folder(const config::Settings& settings, const agent::Task& task) {
  const std::string data = settings.text("paths.data");
  const fs::path runs = (data.empty() ? data_folder() : fs::path(data)) / "runs";
  const std::string stem =
      fmt::format("{:%Y%m%d-%H%M%S}-{}", fmt::localtime(std::time(nullptr)), slug(task.prompt.value_or("render")));
  fs::path folder = runs / stem;
  for (int i = 2; fs::exists(folder); ++i) folder = runs / fmt::format("{}-{}", stem, i);
  return folder;
}

struct Counts {
  std::size_t figures = 0;
  std::size_t ready = 0;
};

Counts count(const document::Document& document) {
  Counts counts;
  for (const auto& block : document.blocks) {
    const auto* figure = std::get_if<document::FigureBlock>(&block);
    if (figure == nullptr) continue;
    ++counts.figures;
    if (figure->ready() != nullptr) ++counts.ready;
  }
  return counts;
}

/// The plan of a dry run on standard output: what would be called, in order.
void print_plan(const document::Document& document, bool json) {
  Json rows = Json::array();
  for (const auto& block : document.blocks) {
    const auto* figure = std::get_if<document::FigureBlock>(&block);
    if (figure == nullptr) continue;
    Json row{{"index", figure->index}};
    if (figure->call) {
      row["source"] = tag::name(figure->call->source());
      row["description"] = figure->call->description;
      row["call"] = tag::print(*figure->call);
    } else if (figure->fault() != nullptr) {
      row["fault"] = {{"stage", name(figure->fault()->stage)}, {"message", figure->fault()->message}};
    }
    rows.push_back(std::move(row));
  }
  if (json) {
    fmt::print("{}\n", Json{{"type", "plan"}, {"figures", rows}}.dump(-1, ' ', false, Json::error_handler_t::replace));
    return;
  }
  for (const Json& row : rows) {
    fmt::print(
        "{:>3}  {:<9} {}\n", row["index"].get<std::size_t>(), row.value("source", "fault"),
        row.contains("fault") ? row["fault"]["message"].get<std::string>() : row["description"].get<std::string>());
  }
  fmt::print("{} figures planned; nothing was called\n", rows.size());
}

void print_result(const Program& program, const document::Document& document, const fs::path& folder,
                  const std::vector<std::string>& formats) {
  const Counts counts = count(document);
  if (program.json) {
    Json files = Json::array();
    for (const std::string& format : formats) files.push_back((folder / ("document." + format)).string());
    fmt::print("{}\n",
               Json{{"type", "result"},
                    {"folder", folder.string()},
                    {"status", document.complete ? "complete" : "partial"},
                    {"reason", document.reason},
                    {"counts",
                     {{"figures", counts.figures}, {"ready", counts.ready}, {"failed", counts.figures - counts.ready}}},
                    {"files", files}}
                   .dump(-1, ' ', false, Json::error_handler_t::replace));
    return;
  }
  if (!document.complete) fmt::print(stderr, "llmi: the document is partial: {}\n", document.reason);
  if (counts.ready < counts.figures)
    fmt::print(stderr, "llmi: {} of {} figures failed; the document says why\n", counts.figures - counts.ready,
               counts.figures);
  for (const std::string& format : formats) fmt::print("{}\n", (folder / ("document." + format)).string());
}

void open_document(const RunContext& context, const fs::path& folder, const std::vector<std::string>& formats) {
  ChildSpec viewer{.argv = {"xdg-open", (folder / ("document." + formats.front())).string()}};
  for (const char* name :
       {"HOME", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "PATH", "DBUS_SESSION_BUS_ADDRESS"}) {
    if (const char* value = std::getenv(name)) viewer.environment.push_back(fmt::format("{}={}", name, value));
  }
  const auto result = run_child(context.capped(std::chrono::seconds(10)), viewer);
  if (!result || result->exit_code != 0)
    fmt::print(stderr, "llmi: --open: no program opens documents here (xdg-open)\n");
}

/// Where the run's events go: its folder (unless it is a dry run), and standard output or the terminal.
class Outputs {
 public:
  Outputs(store::RunWriter* writer, bool json) : writer_(writer), json_(json) {}
  void add(const document::Event& event) {
    if (writer_ != nullptr) writer_->add(event);
    if (json_) {
      fmt::print("{}\n", document::event_to_json(event));
      std::fflush(stdout);
    } else {
      progress_.add(event);
    }
  }

 private:
  store::RunWriter* writer_;
  bool json_;
  Progress progress_;
};

int final_code(const agent::Report& report, const RunFlags& flags) {
  if (report.error) {
    fmt::print(stderr, "llmi: {}\n", report.error->message);
    return exit_code(*report.error);
  }
  const Counts counts = count(report.document);
  return flags.strict && counts.ready < counts.figures ? 4 : 0;
}

}  // namespace

Result<int> execute_run(Program& program, const RunFlags& flags, const RunContext& context, agent::Task task,
                        const Work& work) {
  LLMI_TRY(const auto wanted, formats(flags));
  LLMI_CHECK_OK(render::check_formats(wanted));
  LLMI_TRY(task.figures, figure_count(flags));
  LLMI_TRY(task.inputs, input_pictures(context, flags));
  task.dry_run = flags.dry_run;
  std::unique_ptr<store::RunWriter> writer;
  if (!flags.dry_run) {
    const fs::path folder = flags.out.empty() ? new_run_folder(program.settings, task) : fs::path(flags.out);
    LLMI_TRY(writer, store::RunWriter::create(folder));
  }
  if (writer != nullptr) {
    for (agent::InputPicture& input : task.inputs) {
      LLMI_TRY(const document::InputPicture kept, writer->add_input(input.name, *input.picture));
      input.file = kept.file;
    }
  }
  Outputs outputs(writer.get(), program.json);
  auto report = work(context, task, [&](const document::Event& event) { outputs.add(event); });
  if (!report) return std::unexpected(std::move(report).error());
  if (flags.dry_run) {
    print_plan(report->document, program.json);
    return final_code(*report, flags);
  }
  LLMI_CHECK_OK(writer->status());
  // From the folder, as replay does it: what cannot be kept (say, a prompt that is not UTF-8) is the same in both.
  LLMI_TRY(const auto kept, store::read_run(writer->folder()));
  LLMI_CHECK_OK(render::write_outputs(kept, writer->folder(), wanted));
  print_result(program, report->document, writer->folder(), wanted);
  if (flags.open) open_document(context, writer->folder(), wanted);
  return final_code(*report, flags);
}

}  // namespace llmi::app
