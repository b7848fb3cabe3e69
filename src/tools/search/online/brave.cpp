#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "tools/search/online/api.h"
#include "tools/search/online/reply_json.h"

// Brave Search: paid. It says nothing of licences.
namespace llmi::tools::online {
namespace {

constexpr std::size_t kLongestQuery = 400;

net::HttpRequest request(const Access& access, const SearchQuery& query) {
  std::string_view text = query.text;
  text = text.substr(0, valid_utf8_prefix(text.substr(0, kLongestQuery)));
  return {.url = net::endpoint(access.url, "/res/v1", "/images/search") +
                 net::query_text({{"q", std::string(text)}, {"count", "50"}, {"safesearch", "strict"}}),
          .headers = {{"Accept", "application/json"}},
          .secret_headers = {{"X-Subscription-Token", access.key}}};
}

Result<std::vector<Candidate>> read(std::string_view body) {
  LLMI_TRY(const Json results, list_at("Brave", body, "results"));
  std::vector<Candidate> candidates;
  for (const Json& item : results) {
    Candidate found{.title = text_at(item, "title"),
                    .url = text_at(item, "properties.url"),
                    .page_url = text_at(item, "url"),
                    .width = number_at(item, "properties.width"),
                    .height = number_at(item, "properties.height"),
                    .creator = text_at(item, "source")};
    if (!found.url.empty()) candidates.push_back(std::move(found));
  }
  return candidates;
}

}  // namespace

const Api kBrave{.name = "brave",
                 .url = "https://api.search.brave.com",
                 .key_variable = "BRAVE_API_KEY",
                 .needs_key = true,
                 .request = request,
                 .read = read};

}  // namespace llmi::tools::online
