#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tools/search/licence.h"
#include "tools/search/online/api.h"
#include "tools/search/online/reply_json.h"

// Openverse: openly licensed pictures of many collections, with a ready attribution.
namespace llmi::tools::online {
namespace {

// What callers without a key may ask for at once.
constexpr std::size_t kMostWithoutKey = 20;

net::HttpRequest request(const Access& access, const SearchQuery& query) {
  net::HttpRequest request{
      .url = net::endpoint(access.url, "/v1", "/images/") +
             net::query_text({{"q", query.text},
                              {"page_size", fmt::format("{}", std::min(query.limit, kMostWithoutKey))},
                              {"mature", "false"}})};
  if (!access.key.empty()) request.secret_headers = {{"Authorization", "Bearer " + access.key}};
  return request;
}

std::string licence_of(const Json& item) {
  const std::string name = text_at(item, "license");
  const std::string version = text_at(item, "license_version");
  if (name.starts_with("by")) return normalise_licence(fmt::format("CC {} {}", name, version));
  return normalise_licence(name);
}

Result<std::vector<Candidate>> read(std::string_view body) {
  LLMI_TRY(const Json results, list_at("Openverse", body, "results"));
  std::vector<Candidate> candidates;
  for (const Json& item : results) {
    Candidate found{.title = text_at(item, "title"),
                    .url = text_at(item, "url"),
                    .page_url = text_at(item, "foreign_landing_url"),
                    .width = number_at(item, "width"),
                    .height = number_at(item, "height"),
                    .creator = text_at(item, "creator"),
                    .licence = licence_of(item),
                    .licence_url = text_at(item, "license_url"),
                    .attribution = text_at(item, "attribution")};
    if (found.licence_url.empty()) found.licence_url = licence_url(found.licence);
    candidates.push_back(std::move(found));
  }
  return candidates;
}

}  // namespace

const Api kOpenverse{.name = "openverse",
                     .url = "https://api.openverse.org",
                     .key_variable = "OPENVERSE_TOKEN",
                     .request = request,
                     .read = read};

}  // namespace llmi::tools::online
