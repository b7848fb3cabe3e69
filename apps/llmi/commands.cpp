#include <CLI/CLI.hpp>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "command.h"
#include "config_command.h"
#include "corpus_command.h"
#include "data_command.h"
#include "doctor_command.h"
#include "eval_command.h"
#include "judge_command.h"
#include "models_command.h"
#include "parse_command.h"
#include "replay_command.h"
#include "reward_command.h"
#include "runs_command.h"
#include "serve_command.h"
#include "tool_command.h"
#ifdef LLMI_WITH_TORCH
#include "train_command.h"
#endif
#include "write_command.h"

namespace llmi::app {
namespace {

constexpr std::array kCommands{
    Command{"write", "a document from a prompt", declare_write},
    Command{"render", "runs the tags of a text that any model wrote", declare_render},
    Command{"parse", "shows the text, tags, recoveries and faults of an answer; runs nothing", declare_parse},
    Command{"replay", "rebuilds a run from its answer, events and figures", declare_replay},
    Command{"runs", "what was written before: list, show, resume, remove", declare_runs},
    Command{"tool", "one tool alone", declare_tool},
    Command{"corpus", "local picture collections", declare_corpus},
    Command{"reward", "scores answers by rules and judges", declare_reward},
    Command{"serve", "the same over HTTP, for training frameworks", declare_serve},
    Command{"judge", "how far a judge can be trusted: calibrate", declare_judge},
    Command{"data", "prompt sets for training and measuring: make, check", declare_data},
    Command{"eval", "benchmarks: writes, judges and compares", declare_eval},
#ifdef LLMI_WITH_TORCH
    Command{"train", "learns from prompts and rewards, or from demonstrations, by a recipe", declare_train},
#endif
    Command{"models", "embedded and known models", declare_models},
    Command{"doctor", "what works on this machine, what does not, and how to fix it", declare_doctor},
    Command{"config", "the effective configuration with the origin of each value", declare_config},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

Run declare_parts(CLI::App& app, std::span<const Command> parts) {
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Run>> declared;
  for (const Command& part : parts) {
    CLI::App* sub = app.add_subcommand(std::string(part.name), std::string(part.help));
    declared.emplace_back(sub, part.declare(*sub));
  }
  return [declared](Program& program) -> Result<int> {
    for (const auto& [sub, run] : declared) {
      if (sub->parsed()) return run(program);
    }
    return 2;
  };
}

}  // namespace llmi::app
