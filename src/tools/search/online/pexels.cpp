#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tools/search/licence.h"
#include "tools/search/online/api.h"
#include "tools/search/online/reply_json.h"

// Pexels: photographs under Pexels' own free licence.
namespace llmi::tools::online {
namespace {

constexpr std::size_t kMostAPage = 80;

net::HttpRequest request(const Access& access, const SearchQuery& query) {
  return {.url = net::endpoint(access.url, "/v1", "/search") +
                 net::query_text(
                     {{"query", query.text}, {"per_page", fmt::format("{}", std::min(query.limit, kMostAPage))}}),
          .secret_headers = {{"Authorization", access.key}}};
}

Result<std::vector<Candidate>> read(std::string_view body) {
  LLMI_TRY(const Json photos, list_at("Pexels", body, "photos"));
  std::vector<Candidate> candidates;
  for (const Json& photo : photos) {
    Candidate found{.title = text_at(photo, "alt"),
                    .url = text_at(photo, "src.original"),
                    .page_url = text_at(photo, "url"),
                    .width = number_at(photo, "width"),
                    .height = number_at(photo, "height"),
                    .creator = text_at(photo, "photographer"),
                    .licence = "Pexels",
                    .licence_url = licence_url("Pexels")};
    found.attribution = fmt::format("Photo by {} on Pexels", found.creator);
    candidates.push_back(std::move(found));
  }
  return candidates;
}

}  // namespace

const Api kPexels{.name = "pexels",
                  .url = "https://api.pexels.com",
                  .key_variable = "PEXELS_API_KEY",
                  .needs_key = true,
                  .request = request,
                  .read = read};

}  // namespace llmi::tools::online
