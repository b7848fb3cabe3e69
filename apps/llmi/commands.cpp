#include <array>

#include "command.h"
#include "config_command.h"
#include "parse_command.h"

namespace llmi::app {
namespace {

constexpr std::array kCommands{
    Command{"parse", "shows the text, tags and faults of an answer; runs nothing", declare_parse},
    Command{"config", "the effective configuration with the origin of each value", declare_config},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace llmi::app
