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
#include "eval_output.h"
#include "eval_scale.h"
#include "judge_setup.h"
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
  std::string tools;
  std::vector<std::string> scales;
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

/// One evaluation of some items, in one folder or in several that differ in how the documents are written.
class Evaluator {
 public:
  Evaluator(Program& program, const EvalArguments& arguments, const std::vector<eval::Item>& items,
            const Workshop& shop)
      : program_(program), arguments_(arguments), items_(items), shop_(shop), seed_(arguments.seed) {}

  /// `scale`: as on the command line; null for one plain evaluation in --out itself.
  Result<std::vector<eval::Sample>> run(const ScaleSetting* scale) {
    fs::path out = arguments_.out;
    if (scale != nullptr) out /= scale->folder;
    LLMI_TRY(const eval::Setting setting, claim(out, scale == nullptr ? "" : scale->name));
    // All settings write with the same seeds, so that their items are pairs.
    seed_ = setting.seed;
    const RunContext context{.stop = program_.stop, .seed = setting.seed};
    LLMI_TRY(const auto judge, make_eval_judge(program_.settings, shop_.network(), setting.seed));
    eval::Writer writer = shop_.writer(program_, context, arguments_.benchmark->planned);
    std::unique_ptr<store::Cache> cache;
    if (scale != nullptr) {
      // One setting must not live on what another one paid for.
      LLMI_TRY(cache, store::Cache::open(out / "cache", program_.settings.size("cache.max_size")));
      writer.services.cache = cache.get();
      writer.write = scaled_writing(*scale, shop_.network());
    }
    return evaluate(context, out, setting, writer, judge.get());
  }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }

 private:
  [[nodiscard]] Result<eval::Setting> claim(const fs::path& out, const std::string& scale) const {
    const std::string judge = program_.settings.text("eval.judge");
    const bool judged = arguments_.benchmark->judge != nullptr && judge != "none";
    return eval::claim(out,
                       {.benchmark = std::string(arguments_.benchmark->name),
                        .in = arguments_.in,
                        .model = shop_.model(),
                        .judge = judged ? judge : "",
                        .seed = seed_,
                        .as_published = arguments_.as_published,
                        .scale = scale},
                       arguments_.resume);
  }

  Result<std::vector<eval::Sample>> evaluate(const RunContext& context, const fs::path& out,
                                             const eval::Setting& setting, const eval::Writer& writer,
                                             reward::Judge* judge) const {
    std::size_t done = 0;
    const std::string label = setting.scale.empty() ? "" : "--scale " + setting.scale + ": ";
    const eval::Evaluation evaluation{
        .setting = setting,
        .out = out,
        .concurrency = arguments_.concurrency,
        .generate = [&](const RunContext& inner, const eval::Item& item,
                        const fs::path& folder) { return eval::generate(inner, writer, item, folder); },
        .judge = judge != nullptr ? eval::ask_model(*judge) : eval::Judge(),
        .on_sample =
            [&](const eval::Sample& sample) { tell("llmi: {}{}/{} {}\n", label, ++done, items_.size(), sample.id); }};
    LLMI_TRY(std::vector<eval::Sample> samples, eval::evaluate(context, *arguments_.benchmark, items_, evaluation));
    if (setting.scale.empty()) LLMI_CHECK_OK(show(evaluation, samples));
    return samples;
  }

  [[nodiscard]] Result<void> show(const eval::Evaluation& evaluation, const std::vector<eval::Sample>& samples) const {
    if (!program_.json) {
      print_evaluation(*arguments_.benchmark, evaluation, samples);
      return {};
    }
    LLMI_TRY(const std::string results, read_file(evaluation.out / "results.json"));
    print("{}\n", nlohmann::ordered_json::parse(results).dump());
    return {};
  }

  Program& program_;
  const EvalArguments& arguments_;
  const std::vector<eval::Item>& items_;
  const Workshop& shop_;
  std::uint64_t seed_;
};

int exit_code(const std::vector<eval::Sample>& samples) {
  const bool whole = std::ranges::all_of(
      samples, [](const eval::Sample& sample) { return sample.generated() && !sample.incomplete(); });
  return whole ? 0 : 3;
}

/// One evaluation a setting, then all on one table.
Result<int> compare_scales(Program& program, const EvalArguments& arguments, Evaluator& evaluator) {
  LLMI_TRY(const std::vector<ScaleSetting> scales, read_scales(program.settings, arguments.scales));
  std::vector<eval::Arm> arms;
  int code = 0;
  for (const ScaleSetting& scale : scales) {
    LLMI_TRY(std::vector<eval::Sample> samples, evaluator.run(&scale));
    code = std::max(code, exit_code(samples));
    arms.push_back({.name = scale.name, .samples = std::move(samples)});
  }
  LLMI_CHECK_OK(write_tradeoff(program, arms, evaluator.seed(), arguments.out));
  return code;
}

Result<int> measure(Program& program, const EvalArguments& arguments, const ConfigFlags& overrides) {
  LLMI_CHECK_OK(overrides.apply(program.settings));
  LLMI_TRY(const std::vector<eval::Item> items, read_items(program, arguments));
  const RunContext context{.stop = program.stop};
  LLMI_TRY(const Workshop shop, Workshop::open(program, context, arguments));
  Evaluator evaluator(program, arguments, items, shop);
  if (!arguments.scales.empty()) return compare_scales(program, arguments, evaluator);
  LLMI_TRY(const auto samples, evaluator.run(nullptr));
  return exit_code(samples);
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
  app.add_option("--scale", arguments->scales,
                 "compares settings of scaling: candidates, or candidates:stage+stage (docs/eval.md)")
      ->delimiter(',')
      ->type_name("SETTING,…");
  std::vector<std::string_view> keys{"model.default", "model.lora", "model.mmproj"};
  if (benchmark.judge != nullptr) keys.push_back("eval.judge");
  const ConfigFlags overrides(app, keys);
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
