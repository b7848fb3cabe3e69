#include "runs_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "console.h"
#include "run_lookup.h"
#include "runs_resume_command.h"
#include "store/run_place.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kShownPrompt = 60;

std::string text_of(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string local_time(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(std::chrono::system_clock::to_time_t(time)));
}

/// On one line, control characters left out, at most `length` bytes of it.
std::string one_line(const std::string& text, std::size_t length) {
  std::string line;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (!control) line.push_back(c);
    if (control && !line.empty() && line.back() != ' ') line.push_back(' ');
    if (line.size() > length) return line.substr(0, valid_utf8_prefix(std::string_view(line).substr(0, length))) + "…";
  }
  return line;
}

std::vector<const document::FigureBlock*> figures_of(const FoundRun& run) {
  std::vector<const document::FigureBlock*> figures;
  if (!run.document) return figures;
  for (const document::Block& block : run.document->blocks) {
    if (const auto* figure = std::get_if<document::FigureBlock>(&block)) figures.push_back(figure);
  }
  return figures;
}

std::size_t count_ready(const std::vector<const document::FigureBlock*>& figures) {
  std::size_t ready = 0;
  for (const document::FigureBlock* figure : figures) ready += figure->ready() != nullptr ? 1 : 0;
  return ready;
}

std::vector<std::string> documents_of(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().starts_with("document.")) files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

Json summary(const FoundRun& run) {
  const auto figures = figures_of(run);
  const std::size_t ready = count_ready(figures);
  Json json{{"id", run.id()}, {"folder", run.folder.string()}};
  json["date"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(run.written)));
  json["status"] = run.status;
  json["reason"] = run.reason;
  json["prompt"] = run.document && run.document->prompt ? Json(*run.document->prompt) : Json();
  json["counts"] = {{"figures", figures.size()}, {"ready", ready}, {"failed", figures.size() - ready}};
  return json;
}

std::string prompt_of(const FoundRun& run, std::size_t length) {
  if (!run.document) return run.reason;
  return run.document->prompt ? one_line(*run.document->prompt, length) : "(rendered)";
}

Result<int> list(const Program& program) {
  const auto runs = find_runs(program.settings);
  if (program.json) {
    Json rows = Json::array();
    for (const FoundRun& run : runs) rows.push_back(summary(run));
    print("{}\n", text_of(Json{{"runs", rows}}));
    return 0;
  }
  std::size_t width = 0;
  for (const FoundRun& run : runs) width = std::max(width, run.id().size());
  for (const FoundRun& run : runs) {
    const auto figures = figures_of(run);
    print("{:<{}}  {}  {:<8}  {:>7}  {}\n", run.id(), width, local_time(run.written), run.status,
          fmt::format("{}/{}", count_ready(figures), figures.size()), prompt_of(run, kShownPrompt));
  }
  if (runs.empty()) tell("llmi: no runs in {}\n", runs_folder(program.settings).string());
  return 0;
}

Json figure_json(const FoundRun& run, const document::FigureBlock& figure) {
  Json json{{"index", figure.index}};
  json["source"] = figure.call ? Json(tag::name(figure.call->source())) : Json();
  json["description"] = figure.call ? Json(figure.call->description) : Json();
  if (const auto* ready = figure.ready()) json["file"] = (run.folder / ready->file).string();
  if (const Fault* fault = figure.fault()) json["fault"] = {{"stage", name(fault->stage)}, {"message", fault->message}};
  return json;
}

void print_figure(const FoundRun& run, const document::FigureBlock& figure) {
  const std::string source = figure.call ? std::string(tag::name(figure.call->source())) : "?";
  const std::string description = figure.call ? one_line(figure.call->description, kShownPrompt) : "unreadable tag";
  if (const auto* ready = figure.ready()) {
    print("  {:>3} {:<9} {}: {}\n", figure.index, source, description, (run.folder / ready->file).string());
  } else {
    print("  {:>3} {:<9} {}: {}: {}\n", figure.index, source, description, name(figure.fault()->stage),
          one_line(figure.fault()->message, 300));
  }
}

void print_run(const FoundRun& run) {
  const auto figures = figures_of(run);
  print("run      {}\nfolder   {}\ndate     {}\nstatus   {}{}\n", run.id(), run.folder.string(),
        local_time(run.written), run.status, run.reason.empty() ? "" : ": " + run.reason);
  if (run.document) {
    print("prompt   {}\nmodel    {}\nanswer   {} bytes\nfigures  {} of {} are there\n", prompt_of(run, 1000),
          run.document->model.value_or("none"), run.document->answer.size(), count_ready(figures), figures.size());
  }
  for (const document::FigureBlock* figure : figures) print_figure(run, *figure);
  for (const std::string& file : documents_of(run.folder)) print("document {}\n", file);
  if (run.status == "partial") print("`llmi runs resume {}` goes on with it\n", run.id());
}

Result<int> show(const Program& program, const std::string& name) {
  LLMI_TRY(const fs::path folder, find_run(program.settings, name));
  const FoundRun run = look_at_run(folder);
  if (!program.json) {
    print_run(run);
    return 0;
  }
  Json json = summary(run);
  json["model"] = run.document && run.document->model ? Json(*run.document->model) : Json();
  json["figures"] = Json::array();
  for (const document::FigureBlock* figure : figures_of(run)) json["figures"].push_back(figure_json(run, *figure));
  json["documents"] = documents_of(folder);
  print("{}\n", text_of(json));
  return 0;
}

struct Removal {
  std::vector<std::string> runs;
  bool yes = false;
};

/// True when the person at the terminal agrees. Errors: kInvalidArgument where there is nobody to ask.
Result<bool> agreed(const std::vector<fs::path>& folders) {
  if (::isatty(STDIN_FILENO) != 1) return invalid_argument("runs are removed for good: give --yes to confirm");
  for (const fs::path& folder : folders) tell("{}\n", folder.string());
  tell("Remove {} run{} for good? [y/N] ", folders.size(), folders.size() == 1 ? "" : "s");
  std::string reply;
  std::getline(std::cin, reply);
  return reply == "y" || reply == "Y" || reply == "yes";
}

Result<int> remove(const Program& program, const Removal& removal) {
  std::vector<fs::path> folders;
  for (const std::string& name : removal.runs) {
    LLMI_TRY(fs::path folder, find_run(program.settings, name));
    folders.push_back(std::move(folder));
  }
  if (!removal.yes) {
    LLMI_TRY(const bool yes, agreed(folders));
    if (!yes) return 0;
  }
  Json removed = Json::array();
  for (const fs::path& folder : folders) {
    LLMI_TRY(const bool whole, store::remove_run(folder));
    if (!whole) tell("llmi: {} holds other files too and stays\n", folder.string());
    removed.push_back(folder.string());
    if (!program.json) print("{}\n", folder.string());
  }
  if (program.json) print("{}\n", text_of(Json{{"removed", removed}}));
  return 0;
}

Run declare_list(CLI::App& /*app*/) { return list; }

Run declare_show(CLI::App& app) {
  auto run = std::make_shared<std::string>();
  app.add_option("RUN", *run, "the run's id or folder")->required();
  return [run](const Program& program) { return show(program, *run); };
}

Run declare_remove(CLI::App& app) {
  auto removal = std::make_shared<Removal>();
  app.add_option("RUN", removal->runs, "ids or folders of runs")->required();
  app.add_flag("--yes", removal->yes, "do not ask");
  return [removal](const Program& program) { return remove(program, *removal); };
}

constexpr std::array kParts{
    Command{"list", "the runs of the data folder, newest first", declare_list},
    Command{"show", "what happened in a run, what failed, and where its files are", declare_show},
    Command{"resume",
            "goes on with a run that was interrupted or is partial: keeps the text and the finished figures, makes the "
            "open ones, and has the model write on where its answer broke off",
            declare_runs_resume},
    Command{"remove", "removes runs for good", declare_remove},
};

}  // namespace

Run declare_runs(CLI::App& app) { return declare_parts(app, kParts); }

}  // namespace llmi::app
