#include "judge_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/file.h"
#include "base/paths.h"
#include "config_flags.h"
#include "connections.h"
#include "console.h"
#include "judge_setup.h"
#include "reward/calibration.h"
#include "store/corpus.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

struct CalibrateArguments {
  std::string pairs = (prompts_folder() / "judge" / "calibration.jsonl").string();
  std::uint64_t seed = 0;
};

void tell_agreement(std::string_view judge, const reward::Agreements& agreements) {
  for (const auto& [kind, agreement] : agreements) {
    const auto [low, high] = agreement.interval();
    print("{:<5} {:<28} {:5.1f} of {:3} pairs   {:.2f} ({:.2f} to {:.2f}){}\n", judge, kind.empty() ? "all" : kind,
          agreement.right, agreement.pairs, agreement.share(), low, high,
          agreement.missing == 0 ? "" : fmt::format(", {} without a verdict", agreement.missing));
  }
}

nlohmann::ordered_json agreement_json(const reward::Agreements& agreements) {
  nlohmann::ordered_json json;
  for (const auto& [kind, agreement] : agreements) {
    const auto [low, high] = agreement.interval();
    json[kind.empty() ? "all" : kind] = {{"right", agreement.right},
                                         {"pairs", agreement.pairs},
                                         {"missing", agreement.missing},
                                         {"share", agreement.share()},
                                         {"interval", {low, high}}};
  }
  return json;
}

Result<int> calibrate(Program& program, const CalibrateArguments& arguments, const ConfigFlags& flags) {
  LLMI_CHECK_OK(flags.apply(program.settings));
  LLMI_TRY(const auto network, make_network(program.settings));
  LLMI_TRY(const Judges judges, make_judges(program.settings, *network, arguments.seed, program.stop));
  if (!judges.llm && !judges.mllm) return invalid_argument("name a judge: --llm-judge or --mllm-judge");
  const RunContext context{.stop = program.stop, .seed = arguments.seed};
  std::map<std::string, fs::path> corpora;
  for (const store::CorpusSpec& corpus : store::default_corpora()) corpora[corpus.name] = corpus.folder;
  LLMI_TRY(const std::string text, read_file(arguments.pairs));
  reward::PictureIntake intake;
  LLMI_TRY(const auto pairs, reward::read_calibration(context, text, corpora, intake));
  nlohmann::ordered_json json;
  std::size_t missing = 0;
  for (const bool sees : {false, true}) {
    reward::Judge* judge = sees ? judges.mllm.get() : judges.llm.get();
    if (judge == nullptr) continue;
    LLMI_TRY(const reward::Agreements agreements, reward::calibrate(context, *judge, pairs, sees));
    missing += agreements.at("").missing;
    if (!program.json) tell_agreement(sees ? "MLLM" : "LLM", agreements);
    json[sees ? "mllm" : "llm"] = agreement_json(agreements);
  }
  if (program.json) print("{}\n", json.dump());
  return missing == 0 ? 0 : 3;
}

Run declare_calibrate(CLI::App& app) {
  const auto arguments = std::make_shared<CalibrateArguments>();
  app.add_option("--pairs", arguments->pairs, "pairs of a good and a bad answer")->capture_default_str();
  app.add_option("--seed", arguments->seed, "of the judges' requests")->capture_default_str();
  const ConfigFlags flags(app, {"reward.llm_judge", "reward.mllm_judge", "reward.judge_timeout", "reward.judge_retries",
                                "reward.judge_concurrency"});
  return [=](Program& program) { return calibrate(program, *arguments, flags); };
}

constexpr std::array kParts{
    Command{"calibrate", "how often a judge prefers the better of two answers, on pairs with a known verdict",
            declare_calibrate},
};

}  // namespace

Run declare_judge(CLI::App& app) { return declare_parts(app, kParts); }

}  // namespace llmi::app
