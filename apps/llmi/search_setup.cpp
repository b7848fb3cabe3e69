#include "search_setup.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/paths.h"
#include "image/decode.h"
#include "tools/search/local_provider.h"

namespace llmi::app {

std::shared_ptr<store::Corpora> make_corpora(const config::Settings& settings) {
  const std::string data = settings.text("paths.data");
  return std::make_shared<store::Corpora>(store::Corpora::Options{
      .folder = (data.empty() ? data_folder() : std::filesystem::path(data)) / "corpora",
      .on_index = [](const store::CorpusSpec& spec) {
        fmt::print(stderr, "llmi: indexing the pictures of {} ({})\n", spec.name, spec.folder.string());
      }});
}

std::unique_ptr<tools::SearchTool> make_search_tool(const config::Settings& settings) {
  std::vector<std::shared_ptr<tools::Provider>> providers;
  for (const std::string& name : settings.list("search.providers"))
    if (name == "local") providers.push_back(tools::make_local_provider(make_corpora(settings)));
  return std::make_unique<tools::SearchTool>(tools::SearchTool::Options{
      .providers = std::move(providers),
      .decoder = [](const RunContext& context,
                    std::string_view bytes) { return image::decode_untrusted(context, bytes); },
      .licences = tools::LicencePolicy(settings.list("search.licences")),
      .deadline = settings.duration("search.deadline")});
}

}  // namespace llmi::app
