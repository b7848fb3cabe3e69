#include "run_execution.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>

#include "base/child_process.h"
#include "console.h"
#include "dry_run.h"
#include "progress.h"
#include "render/render.h"
#include "run_lookup.h"
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
  const fs::path runs = runs_folder(settings);
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

void print_result(const Program& program, const document::Document& document, const fs::path& folder,
                  const std::vector<std::string>& formats) {
  const Counts counts = count(document);
  if (program.json) {
    Json files = Json::array();
    for (const std::string& format : formats) files.push_back((folder / ("document." + format)).string());
    print("{}\n",
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
  for (const std::string& format : formats) print("{}\n", (folder / ("document." + format)).string());
}

/// What the reader should know before opening the document.
void tell_shortcomings(const document::Document& document, const agent::FigureCount& asked, const fs::path& folder) {
  using Kind = agent::FigureCount::Kind;
  const Counts counts = count(document);
  if (!document.complete)
    tell("llmi: the document is partial: {}; `llmi runs resume {}` goes on with it\n", document.reason,
         folder.string());
  if (counts.ready < counts.figures)
    tell("llmi: {} of {} figures failed; the document says why\n", counts.figures - counts.ready, counts.figures);
  if (asked.kind == Kind::kSome && counts.ready == 0)
    tell("llmi: at least one picture was asked for, but the document has none\n");
  if (asked.kind == Kind::kExactly && counts.ready < asked.exactly)
    tell("llmi: {} picture{} asked for, but the document has {}\n", asked.exactly,
         asked.exactly == 1 ? " was" : "s were", counts.ready == 0 ? "none" : std::to_string(counts.ready));
}

void open_document(const RunContext& context, const fs::path& folder, const std::vector<std::string>& formats) {
  ChildSpec viewer{.argv = {"xdg-open", (folder / ("document." + formats.front())).string()}};
  for (const char* name :
       {"HOME", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "PATH", "DBUS_SESSION_BUS_ADDRESS"}) {
    if (const char* value = std::getenv(name)) viewer.environment.push_back(fmt::format("{}={}", name, value));
  }
  const auto result = run_child(context.capped(std::chrono::seconds(10)), viewer);
  if (!result || result->exit_code != 0) tell("llmi: --open: no program opens documents here (xdg-open)\n");
}

/// Where the run's events go: its folder (unless it is a dry run), and standard output or the terminal.
class Outputs {
 public:
  Outputs(store::RunWriter* writer, bool json) : writer_(writer), json_(json) {}
  void add(const document::Event& event) {
    if (writer_ != nullptr) writer_->add(event);
    if (json_) {
      print("{}\n", document::event_to_json(event));
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

int final_code(const std::optional<Error>& error, const document::Document& document, const RunFlags& flags) {
  if (error) {
    tell("llmi: {}\n", error->message);
    return exit_code(*error);
  }
  const Counts counts = count(document);
  return flags.strict && counts.ready < counts.figures ? 4 : 0;
}

/// The session with its events going to the run folder; it ends when they can no longer be kept.
Result<agent::Report> play(const Program& program, const RunContext& context, store::RunWriter* writer,
                           const Session& session) {
  std::stop_source stop;
  const std::stop_callback forward(context.stop, [&] { stop.request_stop(); });
  RunContext inner = context;
  inner.stop = stop.get_token();
  Outputs outputs(writer, program.json);
  auto report = session(inner, [&](const document::Event& event) {
    outputs.add(event);
    if (writer != nullptr && !writer->status()) stop.request_stop();
  });
  if (writer == nullptr || writer->status()) return report;
  Error error = writer->status().error();
  error.message += "; what was finished is kept";
  return std::unexpected(std::move(error));
}

}  // namespace

Result<int> execute_in(const Program& program, const RunFlags& flags, const RunContext& context,
                       store::RunWriter& writer, const RunGoal& goal, const Session& session) {
  LLMI_TRY(const agent::Report report, play(program, context, &writer, session));
  // From the folder, as replay does it: what cannot be kept (say, a prompt that is not UTF-8) is the same in both.
  LLMI_TRY(const auto kept, store::read_run(writer.folder()));
  LLMI_CHECK_OK(render::write_outputs(kept, writer.folder(), goal.formats));
  tell_shortcomings(kept, goal.figures, writer.folder());
  print_result(program, kept, writer.folder(), goal.formats);
  if (flags.open) open_document(context, writer.folder(), goal.formats);
  return final_code(report.error, kept, flags);
}

Result<int> execute_run(Program& program, const RunFlags& flags, const RunContext& context, agent::Task task,
                        const Work& work) {
  LLMI_TRY(const auto wanted, formats(flags));
  LLMI_CHECK_OK(render::check_formats(wanted));
  LLMI_TRY(task.figures, figure_count(flags));
  LLMI_TRY(task.inputs, input_pictures(context, flags));
  task.dry_run = flags.dry_run;
  task.formats = wanted;
  fs::path folder;
  const Session session = [&](const RunContext& inner, const document::EventSink& sink) {
    return work(inner, task, sink, folder);
  };
  if (flags.dry_run) {
    LLMI_TRY(const agent::Report report, play(program, context, nullptr, session));
    print_plan(report, program.json);
    return final_code(report.error, report.document, flags);
  }
  folder = flags.out.empty() ? new_run_folder(program.settings, task) : fs::path(flags.out);
  LLMI_TRY(const auto writer, store::RunWriter::create(folder));
  for (agent::InputPicture& input : task.inputs) {
    LLMI_TRY(const document::InputPicture kept, writer->add_input(input.name, *input.picture));
    input.file = kept.file;
  }
  return execute_in(program, flags, context, *writer, {.formats = wanted, .figures = task.figures}, session);
}

}  // namespace llmi::app
