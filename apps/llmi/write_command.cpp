#include "write_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "agent/session.h"
#include "base/file.h"
#include "config_flags.h"
#include "connections.h"
#include "console.h"
#include "lexicon/lexicon.h"
#include "open_model.h"
#include "run_execution.h"
#include "run_flags.h"
#include "run_task.h"
#include "scaled_write.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

constexpr std::size_t kLongestPrompt = std::size_t{4} << 20;
constexpr std::size_t kLongestAnswer = std::size_t{256} << 20;

/// The prompt as given, or standard input for "-".
Result<std::string> prompt_text(const std::string& argument) {
  std::string text = argument;
  if (argument == "-") {
    LLMI_TRY(text, read_file("-", kLongestPrompt));
  }
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return invalid_argument("the prompt is empty: say what the document is to be about");
  return text;
}

/// One plain pass, or the stages of [scale]; their report goes to standard error as a table, with --json to standard
/// output as one object. What is given outlives the work.
Work writing(const Program& program, net::Network& network, const agent::Services& services) {
  return [&](const RunContext& context, const agent::Task& task, const document::EventSink& sink,
             const std::filesystem::path& folder) -> Result<agent::Report> {
    if (!scaling_is_on(program.settings)) return agent::write(context, services, task, sink);
    ScaledRun run{.settings = program.settings, .network = network, .folder = folder};
    if (!program.json) run.tell = [](const std::string& line) { tell("llmi: {}\n", line); };
    LLMI_TRY(scaling::Scaled scaled, write_scaled(run, context, services, task, sink));
    if (program.json) {
      print("{}\n", scaling::to_json(scaled.scale));
    } else {
      tell("{}", scaling::to_table(scaled.scale));
    }
    return std::move(scaled.report);
  };
}

struct WriteArguments {
  std::string prompt;
  RunFlags run;
};

Result<int> write(Program& program, const WriteArguments& arguments, const ConfigFlags& overrides) {
  LLMI_CHECK_OK(overrides.apply(program.settings));
  LLMI_TRY(const RunContext context, run_context(arguments.run, program.stop));
  agent::Task task = task_of(program.settings);
  LLMI_TRY(task.prompt, prompt_text(arguments.prompt));
  LLMI_TRY(const auto network, make_network(program.settings));
  LLMI_TRY(const Toolbox toolbox, Toolbox::open(program.settings, network, arguments.run.tools));
  LLMI_TRY(const auto model, open_model(context, program.settings, *network));
  for (const std::string& missing : toolbox.missing()) tell("llmi: {}\n", missing);
  if (!arguments.run.images.empty() && !model->capabilities().sees)
    tell("llmi: the model {} cannot see; it is told the numbers and names of the pictures\n", model->id());
  task.find_pictures = picture_finder(program.settings, context);
  // Without it guided mode knows less of the world, and `llmi doctor` says so.
  const auto lexicon = lexicon::Lexicon::open();
  task.lexicon = lexicon ? &*lexicon : nullptr;
  const agent::Services services{.model = model.get(), .tools = toolbox.tools(), .cache = toolbox.cache()};
  return execute_run(program, arguments.run, context, std::move(task), writing(program, *network, services));
}

struct RenderArguments {
  std::string answer;
  std::string prompt;
  RunFlags run;
};

Result<int> render(Program& program, const RenderArguments& arguments) {
  LLMI_TRY(const RunContext context, run_context(arguments.run, program.stop));
  agent::Task task = task_of(program.settings);
  if (!arguments.prompt.empty()) task.prompt = arguments.prompt;
  LLMI_TRY(const std::string answer, read_file(arguments.answer, kLongestAnswer));
  LLMI_TRY(const auto network, make_network(program.settings));
  LLMI_TRY(const Toolbox toolbox, Toolbox::open(program.settings, network, arguments.run.tools));
  for (const std::string& missing : toolbox.missing()) tell("llmi: {}\n", missing);
  const agent::Services services{.model = nullptr, .tools = toolbox.tools(), .cache = toolbox.cache()};
  return execute_run(program, arguments.run, context, std::move(task),
                     [&](const RunContext& inner, const agent::Task& ready, const document::EventSink& sink,
                         const std::filesystem::path&) { return agent::render(inner, services, ready, answer, sink); });
}

}  // namespace

Run declare_write(CLI::App& app) {
  auto arguments = std::make_shared<WriteArguments>();
  app.add_option("PROMPT", arguments->prompt, "what the document is to be about; - reads standard input")->required();
  add_run_flags(app, arguments->run);
  const ConfigFlags overrides(app, {"model.default", "model.lora", "model.mmproj", "scale.candidates", "scale.stages",
                                    "reward.llm_judge", "reward.mllm_judge"});
  return [arguments, overrides](Program& program) { return write(program, *arguments, overrides); };
}

Run declare_render(CLI::App& app) {
  auto arguments = std::make_shared<RenderArguments>();
  app.add_option("ANSWER", arguments->answer, "file with the text whose tags are run; - reads standard input")
      ->required();
  app.add_option("--prompt", arguments->prompt, "the prompt the text answers");
  add_run_flags(app, arguments->run);
  return [arguments](Program& program) { return render(program, *arguments); };
}

}  // namespace llmi::app
