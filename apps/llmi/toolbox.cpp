#include "toolbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/paths.h"
#include "config/options.h"
#include "image/decode.h"
#include "picture_setup.h"
#include "search_setup.h"
#include "tools/code/code_tool.h"
#include "tools/edit/edit_tool.h"
#include "tools/unavailable_tool.h"

namespace llmi::app {
namespace {

Result<std::unique_ptr<tools::Tool>> make_search(const config::Settings& settings,
                                                 const std::shared_ptr<net::Network>& network) {
  return make_search_tool(settings, network);
}

std::filesystem::path cache_path(const config::Settings& settings) {
  const std::string folder = settings.text("paths.cache");
  return folder.empty() ? cache_folder() : std::filesystem::path(folder);
}

Result<std::unique_ptr<store::Cache>> open_cache(const config::Settings& settings) {
  if (!settings.flag("cache.enabled")) return nullptr;
  return store::Cache::open(cache_path(settings) / "tools", settings.size("cache.max_size"));
}

std::string names() {
  std::string list;
  for (const ToolEntry& entry : tool_entries()) list += (list.empty() ? "" : ", ") + std::string(entry.name);
  return list;
}

tools::CodeTool::Options code_options(const config::Settings& settings) {
  return {.sandbox = {.python = settings.text("code.python"), .cache_folder = cache_path(settings)},
          .warm = static_cast<std::size_t>(settings.integer("code.warm")),
          .max_concurrent = static_cast<std::size_t>(settings.integer("code.max_concurrent")),
          .timeout = settings.duration("code.timeout"),
          .memory_bytes = settings.size("code.memory"),
          .decoder = [](const RunContext& context, std::string_view bytes) {
            return image::decode_untrusted(context, bytes);
          }};
}

}  // namespace

Result<std::unique_ptr<tools::Tool>> make_code_tool(const config::Settings& settings,
                                                    const std::shared_ptr<net::Network>& /*network*/) {
  return std::make_unique<tools::CodeTool>(code_options(settings));
}

Result<std::unique_ptr<tools::Tool>> make_svg_code_tool(const config::Settings& settings,
                                                        const std::shared_ptr<net::Network>& /*network*/) {
  auto options = code_options(settings);
  options.format = "svg";
  options.decoder = image::keep_svg;
  return std::make_unique<tools::CodeTool>(std::move(options));
}

Result<std::unique_ptr<tools::Tool>> make_edit_tool(const config::Settings& settings,
                                                    const std::shared_ptr<net::Network>& network) {
  LLMI_TRY(std::shared_ptr<tools::Tool> generative, make_picture_tool(settings, network, tag::Source::kEdit));
  return std::make_unique<tools::EditTool>(
      tools::EditTool::Options{.timeout = settings.duration("edit.timeout"), .generative = std::move(generative)});
}

Result<std::unique_ptr<tools::Tool>> make_diffusion_tool(const config::Settings& settings,
                                                         const std::shared_ptr<net::Network>& network) {
  LLMI_TRY(auto tool, make_picture_tool(settings, network, tag::Source::kDiffusion));
  if (tool) return tool;
  return std::make_unique<tools::UnavailableTool>(
      tag::Source::kDiffusion,
      tools::Availability{.reason = "no picture model is built in, and none is configured",
                          .remedy = "set [diffusion] backend and url (docs/configuration.md), or choose another tool"});
}

const std::vector<ToolEntry>& tool_entries() {
  static const std::vector<ToolEntry> kEntries{{.name = "search", .make = make_search},
                                               {.name = "diffusion", .make = make_diffusion_tool, .optional = true},
                                               {.name = "code", .make = make_code_tool},
                                               {.name = "edit", .make = make_edit_tool}};
  return kEntries;
}

Result<Toolbox> Toolbox::open(const config::Settings& settings, const std::shared_ptr<net::Network>& network,
                              std::string_view wanted) {
  const auto asked = config::split_list(wanted);
  for (const std::string& name : asked) {
    if (std::ranges::count(tool_entries(), name, &ToolEntry::name) == 0)
      return invalid_argument(fmt::format("--tools: \"{}\" is not known; known: {}", name, names()));
  }
  Toolbox box;
  LLMI_TRY(box.cache_, open_cache(settings));
  for (const ToolEntry& entry : tool_entries()) {
    const bool by_name = std::ranges::count(asked, entry.name) > 0;
    if (!asked.empty() && !by_name) continue;
    LLMI_TRY(auto tool, entry.make(settings, network));
    const tools::Availability availability = tool->availability();
    if (availability.usable) {
      box.tools_.push_back(std::move(tool));
      continue;
    }
    const std::string why = fmt::format("the tool \"{}\" cannot be used here: {}; {}", entry.name, availability.reason,
                                        availability.remedy);
    if (by_name) return fail(ErrorCode::kUnavailable, Origin::kTool, why);
    if (!entry.optional) box.missing_.push_back(why);
  }
  return box;
}

std::vector<tools::Tool*> Toolbox::tools() const {
  std::vector<tools::Tool*> all;
  all.reserve(tools_.size());
  for (const auto& tool : tools_) all.push_back(tool.get());
  return all;
}

}  // namespace llmi::app
