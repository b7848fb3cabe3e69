#include "store/corpus_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"

namespace llmi::store {
namespace {

std::string field(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Result<CorpusRegistry> CorpusRegistry::load(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return CorpusRegistry{};
  LLMI_TRY(const std::string text, read_file(file));
  const nlohmann::json root = nlohmann::json::parse(text, nullptr, false);
  if (!root.is_object() || !root.contains("added") || !root["added"].is_array())
    return fail(ErrorCode::kUnreadable, Origin::kCaller,
                fmt::format("{} is no list of corpora; remove it to start anew", file.string()));
  CorpusRegistry registry;
  for (const auto& entry : root["added"]) {
    if (!entry.is_object()) continue;
    registry.added.push_back({.name = field(entry, "name"),
                              .folder = field(entry, "folder"),
                              .licence = field(entry, "licence"),
                              .licence_url = field(entry, "licence_url"),
                              .creator = field(entry, "creator"),
                              .page_url = field(entry, "page_url")});
  }
  for (const auto& name : root.value("removed", nlohmann::json::array()))
    if (name.is_string()) registry.removed.push_back(name.get<std::string>());
  return registry;
}

Result<void> CorpusRegistry::save(const std::filesystem::path& file) const {
  nlohmann::json root{{"version", 1}, {"added", nlohmann::json::array()}, {"removed", removed}};
  for (const CorpusSpec& spec : added)
    root["added"].push_back({{"name", spec.name},
                             {"folder", spec.folder.string()},
                             {"licence", spec.licence},
                             {"licence_url", spec.licence_url},
                             {"creator", spec.creator},
                             {"page_url", spec.page_url}});
  return write_file(file, root.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

std::vector<CorpusSpec> CorpusRegistry::effective(const std::vector<CorpusSpec>& defaults) const {
  std::vector<CorpusSpec> result;
  for (const CorpusSpec& spec : defaults)
    if (std::ranges::find(removed, spec.name) == removed.end()) result.push_back(spec);
  result.insert(result.end(), added.begin(), added.end());
  return result;
}

}  // namespace llmi::store
