#include <nlohmann/json.hpp>

#include "tools/search/online/api.h"
#include "tools/search/online/reply_json.h"

// SerpAPI: Google's pictures, paid. It says nothing of licences. Its key is part of the query.
namespace llmi::tools::online {
namespace {

net::HttpRequest request(const Access& access, const SearchQuery& query) {
  return {.url = net::endpoint(access.url, "/search.json", "") +
                 net::query_text({{"engine", "google_images"}, {"q", query.text}, {"ijn", "0"}, {"safe", "active"}}),
          .secret_query = {{"api_key", access.key}}};
}

Result<std::vector<Candidate>> read(std::string_view body) {
  LLMI_TRY(const Json results, list_at("SerpAPI", body, "images_results"));
  std::vector<Candidate> candidates;
  for (const Json& item : results) {
    Candidate found{.title = text_at(item, "title"),
                    .url = text_at(item, "original"),
                    .page_url = text_at(item, "link"),
                    .width = number_at(item, "original_width"),
                    .height = number_at(item, "original_height"),
                    .creator = text_at(item, "source")};
    if (!found.url.empty()) candidates.push_back(std::move(found));
  }
  return candidates;
}

}  // namespace

const Api kSerpapi{.name = "serpapi",
                   .url = "https://serpapi.com",
                   .key_variable = "SERPAPI_API_KEY",
                   .needs_key = true,
                   .request = request,
                   .read = read};

}  // namespace llmi::tools::online
