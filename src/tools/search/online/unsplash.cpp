#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tools/search/licence.h"
#include "tools/search/online/api.h"
#include "tools/search/online/reply_json.h"

// Unsplash: photographs under Unsplash's own free licence. Its rules want to be told of each use.
namespace llmi::tools::online {
namespace {

constexpr std::size_t kMostAPage = 30;

net::HttpRequest request(const Access& access, const SearchQuery& query) {
  return {.url = net::endpoint(access.url, "", "/search/photos") +
                 net::query_text(
                     {{"query", query.text}, {"per_page", fmt::format("{}", std::min(query.limit, kMostAPage))}}),
          .headers = {{"Accept-Version", "v1"}},
          .secret_headers = {{"Authorization", "Client-ID " + access.key}}};
}

Result<std::vector<Candidate>> read(std::string_view body) {
  LLMI_TRY(const Json results, list_at("Unsplash", body, "results"));
  std::vector<Candidate> candidates;
  for (const Json& photo : results) {
    Candidate found{.title = text_at(photo, "alt_description"),
                    .url = text_at(photo, "urls.full"),
                    .page_url = text_at(photo, "links.html"),
                    .use_url = text_at(photo, "links.download_location"),
                    .width = number_at(photo, "width"),
                    .height = number_at(photo, "height"),
                    .creator = text_at(photo, "user.name"),
                    .licence = "Unsplash",
                    .licence_url = licence_url("Unsplash")};
    // The rendering of 1080 pixels' width, where the full picture is beyond what a document takes.
    if (found.url.empty()) {
      found.url = text_at(photo, "urls.regular");
      found.width = found.height = 0;
    }
    if (found.title.empty()) found.title = text_at(photo, "description");
    found.attribution = fmt::format("Photo by {} on Unsplash", found.creator);
    candidates.push_back(std::move(found));
  }
  return candidates;
}

}  // namespace

const Api kUnsplash{.name = "unsplash",
                    .url = "https://api.unsplash.com",
                    .key_variable = "UNSPLASH_ACCESS_KEY",
                    .needs_key = true,
                    .request = request,
                    .read = read};

}  // namespace llmi::tools::online
