#include "tool_command.h"

#include <CLI/CLI.hpp>
#include <array>
#include <utility>
#include <vector>

#include "tool_code_command.h"
#include "tool_diffusion_command.h"
#include "tool_edit_command.h"
#include "tool_search_command.h"

namespace llmi::app {
namespace {

constexpr std::array kTools{
    Command{"code", "draw a plot with Python in the sandbox", declare_tool_code},
    Command{"diffusion", "paint an imagined or artistic scene", declare_tool_diffusion},
    Command{"edit", "change a picture exactly, from plain words", declare_tool_edit},
    Command{"search", "find a picture of a real thing", declare_tool_search},
};

}  // namespace

Run declare_tool(CLI::App& app) { return declare_parts(app, kTools); }

}  // namespace llmi::app
