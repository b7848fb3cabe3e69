#include "eval_battle.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/random.h"
#include "config_flags.h"
#include "connections.h"
#include "console.h"
#include "eval/battle.h"
#include "eval/model_judge.h"
#include "judge_setup.h"

namespace llmi::app {
namespace {

using Json = nlohmann::ordered_json;

struct BattleArguments {
  std::vector<std::string> folders;
  std::string out;
  std::size_t per_item = 2;
  std::uint64_t seed = 1;
};

/// Folders stand for themselves: two evaluations of one model are two contestants.
Json side(const eval::Contestant& contestant, std::size_t place) { return {{"name", contestant.name}, {"id", place}}; }

Json battles_json(const std::vector<eval::Battle>& battles, const std::vector<eval::Contestant>& contestants) {
  Json json = Json::array();
  for (const eval::Battle& battle : battles) {
    const std::string winner = name(battle.winner);
    json.push_back(
        {{"data_id", battle.id},
         {"model_A", side(contestants[battle.a], battle.a)},
         {"model_B", side(contestants[battle.b], battle.b)},
         {"winner", winner.empty() ? Json() : Json(winner)},
         {"reason", battle.reason},
         {"judge", {{"model", battle.call.model}, {"seed", battle.call.seed}, {"reply", battle.call.reply}}}});
  }
  return json;
}

void print_standings(const std::vector<eval::Standing>& all, const std::vector<eval::Contestant>& contestants) {
  print("{:>7} {:>9} {:>9} {:>9} {:>9}  folder\n", "battles", "forced", "no ties", "tie = 0", "tie = .5");
  for (std::size_t i = 0; i < all.size(); ++i) {
    print("{:>7} {:>9.3f} {:>9.3f} {:>9.3f} {:>9.3f}  {}\n", all[i].battles, all[i].forced, all[i].without_ties,
          all[i].ties_lost, all[i].ties_half, contestants[i].name);
  }
}

Result<int> fight(Program& program, const BattleArguments& arguments, const ConfigFlags& overrides) {
  LLMI_CHECK_OK(overrides.apply(program.settings));
  LLMI_TRY(const auto network, make_network(program.settings));
  LLMI_TRY(const auto judge, make_eval_judge(program.settings, *network, arguments.seed));
  if (!judge) return invalid_argument("--judge: a battle needs a judge");
  const eval::Judge asks = eval::ask_model(*judge);
  std::vector<eval::Contestant> contestants;
  for (const std::string& folder : arguments.folders) contestants.push_back({.name = folder, .folder = folder});
  LLMI_TRY(std::vector<eval::Battle> battles, eval::pair_up(contestants, arguments.per_item, arguments.seed));
  for (std::size_t i = 0; i < battles.size(); ++i) {
    const RunContext context{.stop = program.stop, .seed = derived_seed(arguments.seed, i)};
    LLMI_CHECK_OK(eval::decide(context, asks, contestants, battles[i]));
    tell("llmi: {}/{} {}: {}\n", i + 1, battles.size(), battles[i].id, name(battles[i].winner));
  }
  const std::string text =
      battles_json(battles, contestants).dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (!arguments.out.empty()) LLMI_CHECK_OK(write_file(arguments.out, text));
  if (program.json) {
    print("{}", text);
  } else {
    print_standings(eval::standings(battles, contestants.size()), contestants);
  }
  const auto missing = std::ranges::count(battles, eval::Winner::kMissing, &eval::Battle::winner);
  if (missing > 0) tell("llmi: the judge failed in {} of {} battles, which count nowhere\n", missing, battles.size());
  return missing > 0 ? 3 : 0;
}

}  // namespace

Run declare_battle(CLI::App& app) {
  const auto arguments = std::make_shared<BattleArguments>();
  app.add_option("DIR", arguments->folders, "folders of evaluations of the same items, two or more")
      ->required()
      ->expected(2, 64);
  app.add_option("--out", arguments->out, "JSON file that every battle goes to")->type_name("FILE");
  app.add_option("--per-item", arguments->per_item, "battles an item")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--seed", arguments->seed, "seed of the pairs")->capture_default_str();
  const ConfigFlags overrides(app, {"eval.judge"});
  return [=](Program& program) { return fight(program, *arguments, overrides); };
}

}  // namespace llmi::app
