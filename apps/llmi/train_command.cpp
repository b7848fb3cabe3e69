#include "train_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "base/file.h"
#include "base/paths.h"
#include "connections.h"
#include "console.h"
#include "data/make.h"
#include "data/material.h"
#include "known_models.h"
#include "reward/scorer.h"
#include "sample_pictures.h"
#include "store/corpus.h"
#include "toolbox.h"
#include "train/loop/trainer.h"
#include "train/loop/training_rows.h"
#include "train/torch/torch_policy.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

struct TrainArguments {
  std::string recipe;
  std::string data;
  std::string model;
  std::string out = "train-out";
  std::string start;
  std::size_t steps = 0;
  bool resume = false;
};

fs::path recipe_file(const std::string& name) {
  if (name.ends_with(".toml") || name.find('/') != std::string::npos) return name;
  return prompts_folder() / "recipes" / (name + ".toml");
}

/// The recipe with what the command line says in its place.
Result<train::Recipe> recipe_of(const TrainArguments& arguments) {
  const fs::path file = recipe_file(arguments.recipe);
  auto text = read_file(file);
  if (!text)
    return not_found(fmt::format("--recipe: {} is neither a file nor one of the recipes in {}", arguments.recipe,
                                 (prompts_folder() / "recipes").string()));
  LLMI_TRY(train::Recipe recipe, train::read_recipe(*text, file));
  if (arguments.steps > 0) recipe.steps = arguments.steps;
  if (!arguments.data.empty()) recipe.data = arguments.data;
  if (!arguments.model.empty()) recipe.model = arguments.model;
  return recipe;
}

Result<fs::path> model_file(const config::Settings& settings, const std::string& name) {
  const KnownModel* known = find_known_model(name);
  fs::path file = known != nullptr ? model_path(settings, *known) : fs::path(name);
  if (fs::exists(file)) return file;
  return not_found(fmt::format("the model {} is not here: give a GGUF file, or a name of `llmi models list`", name));
}

/// A recipe without a file learns from the prompt set that `llmi data make` writes, kept beside the run.
Result<fs::path> data_file(const RunContext& context, const train::Recipe& recipe, const fs::path& out) {
  if (!recipe.data.empty()) return recipe.data;
  const fs::path file = out / "prompts.jsonl";
  if (fs::exists(file)) return file;
  tell("llmi: making the prompt set\n");
  data::MakeOptions options{.seed = recipe.seed};
  for (const store::CorpusSpec& corpus : store::default_corpora()) options.corpora[corpus.name] = corpus.folder;
  LLMI_TRY(const data::Material material, data::read_material(prompts_folder() / "data"));
  LLMI_TRY(const data::DataSet set, data::make(context, material, options));
  std::string text;
  for (const data::Row& row : set.rows) text += data::print(row) + "\n";
  LLMI_CHECK_OK(write_file(file, text));
  return file;
}

Result<train::PolicyOptions> policy_options(const train::Recipe& recipe, const fs::path& model) {
  train::PolicyOptions options{.model = model, .weight_decay = recipe.weight_decay, .seed = recipe.seed};
  options.lora.reset();
  if (!recipe.lora_rank) return options;
  train::LoraOptions lora{.rank = static_cast<std::int64_t>(*recipe.lora_rank), .alpha = recipe.lora_alpha};
  lora.matrices.clear();
  for (const train::Matrix matrix : train::kAllMatrices) {
    // "q_proj" is q in recipes.
    const std::string_view module = train::module_name(matrix);
    if (std::ranges::count(recipe.lora_matrices, module.substr(0, module.find('_'))) > 0)
      lora.matrices.push_back(matrix);
  }
  options.lora = std::move(lora);
  return options;
}

void show_plan(const train::Recipe& recipe, std::size_t rows) {
  const bool sft = recipe.algorithm == train::Algorithm::kSft;
  const std::size_t completions = recipe.prompts * (sft ? 1 : recipe.rollouts);
  tell("llmi: {} rows; {} steps of {} completions, at most {} tokens each after prompts of at most {}\n", rows,
       recipe.steps, completions, recipe.response_tokens, recipe.prompt_tokens);
}

void show(const train::StepReport& report, const train::Recipe& recipe) {
  if (recipe.algorithm == train::Algorithm::kSft) {
    tell("llmi: step {}/{}: loss {:.4f}, {} tokens in {:.1f} s\n", report.step, recipe.steps, report.update.loss,
         report.update.tokens, report.learn_seconds);
    return;
  }
  tell(
      "llmi: step {}/{}: reward {:.3f} (± {:.3f} in a group), {:.0f} tokens long, {} of {} groups teach, "
      "sampling {:.1f} s, rewards {:.1f} s, learning {:.1f} s\n",
      report.step, recipe.steps, report.reward, report.reward_deviation, report.length,
      report.groups - report.flat_groups, report.groups, report.sample_seconds, report.reward_seconds,
      report.learn_seconds);
  if (report.unavailable > 0)
    tell("llmi: {} of {} completions have no score and are left out: {}\n", report.unavailable, report.completions,
         report.why_unavailable);
}

Result<int> run_steps(Program& program, train::Trainer& trainer, const train::Recipe& recipe, const fs::path& out) {
  while (trainer.steps_done() < recipe.steps) {
    const auto report = trainer.step({.stop = program.stop, .seed = recipe.seed});
    if (!report && program.stop.stop_requested()) {
      tell("llmi: interrupted after step {}; go on with --resume --out {}\n", trainer.steps_done(), out.string());
      return 130;
    }
    if (!report) return std::unexpected(report.error());
    if (program.json) {
      print("{}\n", train::print(*report));
    } else {
      show(*report, recipe);
    }
  }
  tell("llmi: {}\n", (out / "adapter.gguf").string());
  return 0;
}

Result<int> train_recipe(Program& program, const TrainArguments& arguments) {
  const config::Settings& settings = program.settings;
  const fs::path out = arguments.out;
  LLMI_TRY(const train::Recipe recipe, recipe_of(arguments));
  const bool sft = recipe.algorithm == train::Algorithm::kSft;
  if (!arguments.resume && fs::exists(out / "metrics.jsonl"))
    return invalid_argument(
        fmt::format("{} holds a run: give --resume to go on with it, or another --out", out.string()));
  LLMI_TRY(const fs::path model, model_file(settings, recipe.model));
  LLMI_TRY(const fs::path data, data_file({.stop = program.stop}, recipe, out));
  LLMI_TRY(std::vector<reward::Sample> rows, train::read_training_rows(data, recipe.language, sft));
  show_plan(recipe, rows.size());
  LLMI_TRY(const train::PolicyOptions options, policy_options(recipe, model));
  LLMI_TRY(const auto policy, train::open_torch_policy(options));
  LLMI_TRY(const auto sampler,
           train::open_llama_sampler({.model = model,
                                      .completions = static_cast<std::uint32_t>(recipe.rollouts),
                                      .prompt_tokens = static_cast<std::uint32_t>(recipe.prompt_tokens),
                                      .completion_tokens = static_cast<std::uint32_t>(recipe.response_tokens)}));
  LLMI_TRY(const auto network, make_network(settings));
  LLMI_TRY(const Toolbox toolbox, Toolbox::open(settings, network, ""));
  // A tool that is missing would leave most completions without a score.
  if (!sft && !toolbox.missing().empty())
    return fail(ErrorCode::kUnavailable, Origin::kTool,
                fmt::format("rewards need all tools: {}", toolbox.missing().front()));
  reward::PictureIntake intake;
  const reward::Scorer scorer({.intake = &intake, .make_pictures = sample_picture_maker(settings, toolbox)});
  train::Trainer trainer(recipe, std::move(rows),
                         {.policy = policy.get(),
                          .sampler = sampler.get(),
                          .reward = [&](const RunContext& context,
                                        reward::Sample sample) { return scorer.score(context, std::move(sample)); }},
                         out);
  if (!arguments.start.empty()) LLMI_CHECK_OK(trainer.start_from(arguments.start));
  if (arguments.resume) LLMI_CHECK_OK(trainer.resume());
  return run_steps(program, trainer, recipe, out);
}

}  // namespace

Run declare_train(CLI::App& app) {
  const auto arguments = std::make_shared<TrainArguments>();
  app.add_option("--recipe", arguments->recipe, "name of a recipe that comes with llmi, or a TOML file")->required();
  app.add_option("--steps", arguments->steps, "instead of the recipe's");
  app.add_option("--data", arguments->data, "JSONL file to learn from, instead of the recipe's");
  app.add_option("--model", arguments->model, "GGUF file or known model, instead of the recipe's");
  app.add_option("--out", arguments->out, "folder of checkpoint, metrics and adapter")->capture_default_str();
  app.add_option("--start", arguments->start, "--out of a run to begin with what it has learnt: SFT before GRPO");
  app.add_flag("--resume", arguments->resume, "goes on from the checkpoint in --out");
  return [=](Program& program) { return train_recipe(program, *arguments); };
}

}  // namespace llmi::app
