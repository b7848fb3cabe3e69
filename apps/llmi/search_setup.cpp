#include "search_setup.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdio>

#include "base/paths.h"
#include "connections.h"
#include "image/decode.h"
#include "tools/search/local_provider.h"
#include "tools/search/online/online_provider.h"

namespace llmi::app {
namespace {

using tools::online::Api;

std::unexpected<Error> needs(const Api& api, std::string_view what) {
  return fail(ErrorCode::kInvalidConfig, Origin::kCaller,
              fmt::format("search.providers names {}, which needs {}", api.name, what));
}

Result<std::shared_ptr<tools::Provider>> online_provider(const config::Settings& settings, const Api& api,
                                                         std::shared_ptr<net::Network> network) {
  const std::string table = fmt::format("search.{}", api.name);
  const std::string url = settings.text(fmt::format("{}.url", table));
  tools::online::OnlineOptions options{.api = &api, .access = {.url = url.empty() ? std::string(api.url) : url}};
  if (options.access.url.empty()) return needs(api, fmt::format("an address: set url under [{}]", table));
  const std::string usual(api.key_variable);
  LLMI_TRY(options.access.key, secret(settings, table, usual.empty() ? nullptr : usual.c_str()));
  if (api.needs_key && options.access.key.empty())
    return needs(api, fmt::format("a key: set the variable {} or api_key_env under [{}]", usual, table));
  return tools::online::make_online_provider(std::move(network), std::move(options));
}

}  // namespace

std::shared_ptr<store::Corpora> make_corpora(const config::Settings& settings) {
  const std::string data = settings.text("paths.data");
  return std::make_shared<store::Corpora>(store::Corpora::Options{
      .folder = (data.empty() ? data_folder() : std::filesystem::path(data)) / "corpora",
      .on_index = [](const store::CorpusSpec& spec) {
        fmt::print(stderr, "llmi: indexing the pictures of {} ({})\n", spec.name, spec.folder.string());
      }});
}

Result<std::unique_ptr<tools::SearchTool>> make_search_tool(const config::Settings& settings,
                                                            const std::shared_ptr<net::Network>& network) {
  std::vector<std::shared_ptr<tools::Provider>> providers;
  for (const std::string& name : settings.list("search.providers")) {
    if (const Api* api = tools::online::find_api(name); api != nullptr) {
      LLMI_TRY(auto provider, online_provider(settings, *api, network));
      providers.push_back(std::move(provider));
    } else {
      providers.push_back(tools::make_local_provider(make_corpora(settings)));
    }
  }
  return std::make_unique<tools::SearchTool>(tools::SearchTool::Options{
      .providers = std::move(providers),
      .decoder = [](const RunContext& context,
                    std::string_view bytes) { return image::decode_untrusted(context, bytes); },
      .licences = tools::LicencePolicy(settings.list("search.licences")),
      .mode = settings.text("search.mode") == "race" ? tools::SearchMode::kRace : tools::SearchMode::kOrder,
      .deadline = settings.duration("search.deadline"),
      .lifetime = settings.duration("cache.search_ttl")});
}

}  // namespace llmi::app
