#include "eval_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/paths.h"
#include "config_flags.h"
#include "connections.h"
#include "console.h"
#include "eval/evaluation.h"
#include "eval/generate.h"
#include "eval/model_judge.h"
#include "eval_battle.h"
#include "eval_judge.h"
#include "eval_output.h"
#include "lexicon/lexicon.h"
#include "open_model.h"
#include "run_task.h"
#include "search_setup.h"
#include "store/corpus.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

struct EvalArguments {
  const eval::Benchmark* benchmark = nullptr;
  std::string in;
  std::string out;
  std::string judge = "none";
  std::string tools;
  std::size_t limit = 0;
  std::size_t concurrency = 1;
  std::uint64_t seed = 0;
  bool resume = false;
  bool as_published = false;
};

/// The items of LLMI-Bench that are ours lie in the checkout that this program was built from, beside its build folder.
fs::path own_items() { return dependencies_folder().parent_path().parent_path() / "prompts" / "eval" / "llmi-bench"; }

Result<std::vector<eval::Item>> read_items(const Program& program, const EvalArguments& arguments) {
  eval::ItemPlace place{.in = arguments.in};
  for (const store::CorpusSpec& corpus : store::default_corpora()) place.corpora[corpus.name] = corpus.folder;
  for (const store::CorpusSpec& corpus : make_corpora(program.settings)->known())
    place.corpora[corpus.name] = corpus.folder;
  LLMI_TRY(std::vector<eval::Item> items, arguments.benchmark->read(place));
  if (arguments.limit > 0 && items.size() > arguments.limit)
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(arguments.limit), items.end());
  return items;
}

/// What an evaluation works with, from the configuration.
class Workshop {
 public:
  static Result<Workshop> open(const Program& program, const RunContext& context, const EvalArguments& arguments) {
    Workshop shop;
    LLMI_TRY(shop.network_, make_network(program.settings));
    LLMI_TRY(shop.toolbox_, Toolbox::open(program.settings, shop.network_, arguments.tools));
    for (const std::string& missing : shop.toolbox_.missing()) tell("llmi: {}\n", missing);
    LLMI_TRY(shop.model_, open_model(context, program.settings, *shop.network_));
    // Without it guided mode knows less of the world, and `llmi doctor` says so.
    if (auto lexicon = lexicon::Lexicon::open())
      shop.lexicon_ = std::make_unique<lexicon::Lexicon>(*std::move(lexicon));
    return shop;
  }

  [[nodiscard]] eval::Writer writer(const Program& program, const RunContext& context, bool planned) const {
    agent::Task task = task_of(program.settings);
    // What is measured is the model's own answer.
    task.limits.max_repairs = 0;
    task.limits.max_critic_retries = 0;
    task.find_pictures = picture_finder(program.settings, context);
    task.lexicon = lexicon_.get();
    task.dry_run = planned;
    return {.services = {.model = model_.get(), .tools = toolbox_.tools(), .cache = toolbox_.cache()},
            .task = std::move(task)};
  }
  [[nodiscard]] std::string model() const { return model_->id(); }
  [[nodiscard]] net::Network& network() const { return *network_; }

 private:
  std::shared_ptr<net::Network> network_;
  Toolbox toolbox_;
  std::unique_ptr<lm::LanguageModel> model_;
  std::unique_ptr<lexicon::Lexicon> lexicon_;
};

Result<eval::Setting> claim_folder(const EvalArguments& arguments, const std::string& model) {
  return eval::claim(arguments.out,
                     {.benchmark = std::string(arguments.benchmark->name),
                      .in = arguments.in,
                      .model = model,
                      .judge = arguments.judge == "none" ? "" : arguments.judge,
                      .seed = arguments.seed,
                      .as_published = arguments.as_published},
                     arguments.resume);
}

Result<int> finish(const Program& program, const eval::Benchmark& benchmark, const eval::Evaluation& evaluation,
                   const std::vector<eval::Sample>& samples) {
  if (program.json) {
    LLMI_TRY(const std::string results, read_file(evaluation.out / "results.json"));
    print("{}\n", nlohmann::ordered_json::parse(results).dump());
  } else {
    print_evaluation(benchmark, evaluation, samples);
  }
  const bool whole = std::ranges::all_of(
      samples, [](const eval::Sample& sample) { return sample.generated() && !sample.incomplete(); });
  return whole ? 0 : 3;
}

Result<int> measure(Program& program, const EvalArguments& arguments, const ConfigFlags& overrides) {
  const eval::Benchmark& benchmark = *arguments.benchmark;
  LLMI_CHECK_OK(overrides.apply(program.settings));
  LLMI_CHECK_OK(name_judge(program.settings, arguments.judge));
  LLMI_TRY(const std::vector<eval::Item> items, read_items(program, arguments));
  RunContext context{.stop = program.stop};
  LLMI_TRY(const Workshop shop, Workshop::open(program, context, arguments));
  LLMI_TRY(const eval::Setting setting, claim_folder(arguments, shop.model()));
  context.seed = setting.seed;
  LLMI_TRY(const auto judge, open_judge(program.settings, shop.network(), setting.seed));
  const eval::Writer writer = shop.writer(program, context, benchmark.planned);
  std::size_t done = 0;
  const eval::Evaluation evaluation{
      .setting = setting,
      .out = arguments.out,
      .concurrency = arguments.concurrency,
      .generate = [&](const RunContext& inner, const eval::Item& item,
                      const fs::path& folder) { return eval::generate(inner, writer, item, folder); },
      .judge = judge ? eval::ask_model(*judge) : eval::Judge(),
      .on_sample = [&](const eval::Sample& sample) { tell("llmi: {}/{} {}\n", ++done, items.size(), sample.id); }};
  LLMI_TRY(const auto samples, eval::evaluate(context, benchmark, items, evaluation));
  return finish(program, benchmark, evaluation, samples);
}

Run declare_benchmark(CLI::App& app, const eval::Benchmark& benchmark) {
  const auto arguments = std::make_shared<EvalArguments>();
  arguments->benchmark = &benchmark;
  CLI::Option* in = app.add_option("--in", arguments->in, "the benchmark's items: a file, or the folder that holds it");
  if (benchmark.name == "llmi-bench") {
    arguments->in = own_items().string();
    in->capture_default_str();
  } else {
    in->required();
  }
  app.add_option("--out", arguments->out, "folder of the evaluation")->required()->type_name("DIR");
  if (benchmark.judge != nullptr)
    app.add_option("--judge", arguments->judge, "model that judges, as in --model; none: judge-free measures only")
        ->capture_default_str();
  app.add_option("--limit", arguments->limit, "the first so many items only")->type_name("N");
  app.add_option("--concurrency", arguments->concurrency, "items in work at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--seed", arguments->seed, "seed of all random choices (default: random, recorded)")
      ->check(CLI::Range(std::uint64_t{1}, (std::uint64_t{1} << 53) - 1));
  app.add_option("--tools", arguments->tools, "tools that may be used, comma-separated (default: all that work)");
  app.add_flag("--resume", arguments->resume, "go on with the evaluation in --out");
  app.add_flag("--as-published", arguments->as_published,
               "score as the published scorer does, its faults included (docs/eval.md)");
  const ConfigFlags overrides(app, {"model.default", "model.lora", "model.mmproj"});
  return [=](Program& program) { return measure(program, *arguments, overrides); };
}

struct CompareArguments {
  std::string first;
  std::string second;
};

Result<int> compare(const Program& program, const CompareArguments& arguments) {
  LLMI_TRY(const auto first, eval::read_samples(arguments.first));
  LLMI_TRY(const auto second, eval::read_samples(arguments.second));
  const auto rows = eval::compare(first, second, 1);
  if (rows.empty())
    return invalid_argument(fmt::format("{} and {} measured no common items", arguments.first, arguments.second));
  print_comparison(rows, program.json);
  return 0;
}

Run declare_compare(CLI::App& app) {
  const auto arguments = std::make_shared<CompareArguments>();
  app.add_option("FIRST", arguments->first, "folder of an evaluation")->required();
  app.add_option("SECOND", arguments->second, "folder of another one of the same items")->required();
  return [=](Program& program) { return compare(program, *arguments); };
}

}  // namespace

Run declare_eval(CLI::App& app) {
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Run>> declared;
  for (const eval::Benchmark& benchmark : eval::benchmarks()) {
    CLI::App* sub = app.add_subcommand(std::string(benchmark.name), std::string(benchmark.help));
    declared.emplace_back(sub, declare_benchmark(*sub, benchmark));
  }
  CLI::App* sub = app.add_subcommand("compare", "two evaluations: differences with their 95 % intervals");
  declared.emplace_back(sub, declare_compare(*sub));
  sub = app.add_subcommand("battle", "which of several evaluations' answers a judge prefers");
  declared.emplace_back(sub, declare_battle(*sub));
  return [declared](Program& program) -> Result<int> {
    for (const auto& [part, run] : declared)
      if (part->parsed()) return run(program);
    return 2;
  };
}

}  // namespace llmi::app
