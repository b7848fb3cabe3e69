#include "runs_resume_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "agent/continuation.h"
#include "agent/session.h"
#include "config_flags.h"
#include "connections.h"
#include "console.h"
#include "lexicon/lexicon.h"
#include "open_model.h"
#include "render/render.h"
#include "run_execution.h"
#include "run_flags.h"
#include "run_formats.h"
#include "run_lookup.h"
#include "run_task.h"
#include "store/run_record.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string run;
  RunFlags flags;
};

int say_complete(const Program& program, const fs::path& folder) {
  if (program.json) {
    print("{}\n",
          nlohmann::ordered_json{{"type", "result"}, {"folder", folder.string()}, {"status", "complete"}}.dump());
  } else {
    tell("llmi: {} is complete: nothing to resume\n", folder.string());
  }
  return 0;
}

/// The earlier session's task, its input pictures from the run folder.
Result<agent::Task> earlier_task(const config::Settings& settings, const fs::path& folder,
                                 const document::RunStarted& started) {
  agent::Task task = task_of(settings);
  task.prompt = started.prompt;
  LLMI_TRY(task.figures, figure_count({.figures = started.figures}));
  for (const document::InputPicture& input : started.inputs) {
    LLMI_TRY(image::Picture picture, store::read_picture(folder, input));
    task.inputs.push_back({.name = input.name,
                           .file = input.file,
                           .picture = std::make_shared<const image::Picture>(std::move(picture))});
  }
  return task;
}

/// The model that goes on with the answer, or only mends tags where the answer is whole: then the run can do without.
Result<std::unique_ptr<lm::LanguageModel>> earlier_model(const RunContext& context, const config::Settings& settings,
                                                         net::Network& network, const store::RunRecord& record) {
  const auto& earlier = record.started().model;
  const bool whole = agent::answer_is_whole(record.events);
  if (!earlier && whole) return nullptr;
  if (!earlier) return invalid_argument("the text was not read to its end: render it again");
  auto model = open_model(context, settings, network);
  if (!model && whole) {
    tell("llmi: without the model no tag is repaired: {}\n", model.error().message);
    return nullptr;
  }
  if (model && (*model)->id() != *earlier)
    tell("llmi: the run was begun by the model {}; {} goes on with it (--model chooses)\n", *earlier, (*model)->id());
  return model;
}

Result<int> resume(Program& program, const Arguments& arguments, const ConfigFlags& overrides) {
  LLMI_CHECK_OK(overrides.apply(program.settings));
  LLMI_TRY(const fs::path folder, find_run(program.settings, arguments.run));
  if (look_at_run(folder).status == "complete") return say_complete(program, folder);
  LLMI_TRY(const auto writer, store::RunWriter::resume(folder));
  // Read once nobody else can write it.
  LLMI_TRY(store::RunRecord record, store::read_record(folder));
  const document::RunStarted started = record.started();
  LLMI_TRY(RunContext context, run_context(arguments.flags, program.stop));
  context.seed = started.seed;
  const auto formats = formats_of(started, folder);
  LLMI_CHECK_OK(render::check_formats(formats));
  LLMI_TRY(agent::Task task, earlier_task(program.settings, folder, started));
  LLMI_TRY(const auto network, make_network(program.settings));
  const std::string tools =
      arguments.flags.tools.empty() ? fmt::format("{}", fmt::join(started.tools, ",")) : arguments.flags.tools;
  LLMI_TRY(const Toolbox toolbox, Toolbox::open(program.settings, network, tools));
  LLMI_TRY(const auto model, earlier_model(context, program.settings, *network, record));
  task.find_pictures = picture_finder(program.settings, context);
  const auto lexicon = lexicon::Lexicon::open();
  task.lexicon = lexicon ? &*lexicon : nullptr;
  const agent::Services services{.model = model.get(), .tools = toolbox.tools(), .cache = toolbox.cache()};
  const agent::Earlier earlier{
      .events = std::move(record.events),
      .answer = std::move(record.answer),
      .picture = [&](const document::ReadyFigure& figure) { return store::read_picture(folder, figure); }};
  return execute_in(program, arguments.flags, context, *writer, {.formats = formats, .figures = task.figures},
                    [&](const RunContext& inner, const document::EventSink& sink) {
                      return agent::resume(inner, services, task, earlier, sink);
                    });
}

}  // namespace

Run declare_runs_resume(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("RUN", arguments->run, "the run's id or folder")->required();
  app.add_option("--tools", arguments->flags.tools,
                 "tools that may be used, comma-separated (default: those of the run)");
  app.add_option("--deadline", arguments->flags.deadline,
                 "time after which the document is delivered as it is, e.g. 2m");
  app.add_flag("--strict", arguments->flags.strict, "exit with code 4 when a figure failed");
  app.add_flag("--open", arguments->flags.open, "open the document when it is done");
  const ConfigFlags overrides(app, {"model.default", "model.lora", "model.mmproj"});
  return [arguments, overrides](Program& program) { return resume(program, *arguments, overrides); };
}

}  // namespace llmi::app
