#include "toolbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/paths.h"
#include "config/options.h"
#include "search_setup.h"

namespace llmi::app {
namespace {

std::unique_ptr<tools::Tool> make_search(const config::Settings& settings) { return make_search_tool(settings); }

Result<std::unique_ptr<store::Cache>> open_cache(const config::Settings& settings) {
  if (!settings.flag("cache.enabled")) return nullptr;
  const std::string folder = settings.text("paths.cache");
  return store::Cache::open((folder.empty() ? cache_folder() : std::filesystem::path(folder)) / "tools", settings.size("cache.max_size"));
}

std::string names() {
  std::string list;
  for (const ToolEntry& entry : tool_entries()) list += (list.empty() ? "" : ", ") + std::string(entry.name);
  return list;
}

}  // namespace

const std::vector<ToolEntry>& tool_entries() {
  static const std::vector<ToolEntry> kEntries{{"search", make_search}};
  return kEntries;
}

Result<Toolbox> Toolbox::open(const config::Settings& settings, std::string_view wanted) {
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
    auto tool = entry.make(settings);
    const tools::Availability availability = tool->availability();
    if (availability.usable) {
      box.tools_.push_back(std::move(tool));
      continue;
    }
    const std::string why = fmt::format("the tool \"{}\" cannot be used here: {}; {}", entry.name, availability.reason, availability.remedy);
    if (by_name) return fail(ErrorCode::kUnavailable, Origin::kTool, why);
    box.missing_.push_back(why);
  }
  return box;
}

std::vector<tools::Tool*> Toolbox::tools() const {
  std::vector<tools::Tool*> all;
  for (const auto& tool : tools_) all.push_back(tool.get());
  return all;
}

}  // namespace llmi::app
