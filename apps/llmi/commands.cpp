#include <array>

#include "command.h"
#include "config_command.h"
#include "corpus_command.h"
#include "models_command.h"
#include "parse_command.h"
#include "replay_command.h"
#include "tool_command.h"
#include "write_command.h"

namespace llmi::app {
namespace {

constexpr std::array kCommands{
    Command{"write", "a document from a prompt", declare_write},
    Command{"render", "runs the tags of a text that any model wrote", declare_render},
    Command{"parse", "shows the text, tags, recoveries and faults of an answer; runs nothing", declare_parse},
    Command{"replay", "rebuilds a run from its answer, events and figures", declare_replay},
    Command{"tool", "one tool alone", declare_tool},
    Command{"corpus", "local picture collections", declare_corpus},
    Command{"models", "embedded and known models", declare_models},
    Command{"config", "the effective configuration with the origin of each value", declare_config},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace llmi::app
