#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "tools/search/licence.h"
#include "tools/search/online/api.h"
#include "tools/search/online/plain_text.h"
#include "tools/search/online/reply_json.h"

// Wikimedia Commons: the MediaWiki API with a search as generator.
namespace llmi::tools::online {
namespace {

// The width of the rendering that is fetched of a larger picture or of one that is no PNG, JPEG, GIF or WebP.
constexpr int kRenderedWidth = 1600;
constexpr std::array<std::string_view, 4> kDirect{"image/jpeg", "image/png", "image/gif", "image/webp"};

net::HttpRequest request(const Access& access, const SearchQuery& query) {
  return {.url = net::endpoint(access.url, "/w/api.php", "") +
                 net::query_text({{"action", "query"},
                                  {"format", "json"},
                                  {"formatversion", "2"},
                                  {"generator", "search"},
                                  {"gsrnamespace", "6"},
                                  {"gsrlimit", fmt::format("{}", query.limit)},
                                  {"gsrsearch", fmt::format("filetype:bitmap|drawing {}", query.text)},
                                  {"prop", "imageinfo"},
                                  {"iiprop", "url|size|mime|extmetadata"},
                                  {"iiurlwidth", fmt::format("{}", kRenderedWidth)}})};
}

std::string title_of(const Json& page) {
  std::string title = text_at(page, "title");
  if (const std::size_t colon = title.find(':'); colon != std::string::npos) title.erase(0, colon + 1);
  if (const std::size_t dot = title.rfind('.'); dot != std::string::npos && title.size() - dot <= 5) title.resize(dot);
  std::ranges::replace(title, '_', ' ');
  return title;
}

Candidate candidate(const Json& page, const Json& info) {
  const auto meta = [&](std::string_view name) {
    return plain_text(text_at(info, fmt::format("extmetadata.{}.value", name)));
  };
  Candidate found{.title = title_of(page),
                  .url = text_at(info, "url"),
                  .page_url = text_at(info, "descriptionurl"),
                  .width = number_at(info, "width"),
                  .height = number_at(info, "height"),
                  .creator = meta("Artist")};
  const bool direct = std::ranges::count(kDirect, text_at(info, "mime")) > 0;
  if (const std::string rendered = text_at(info, "thumburl");
      !rendered.empty() && (!direct || found.width > kRenderedWidth)) {
    found.url = rendered;
    found.width = number_at(info, "thumbwidth");
    found.height = number_at(info, "thumbheight");
  }
  if (found.creator.empty()) found.creator = meta("Credit");
  const std::string licence = meta("LicenseShortName");
  found.licence = normalise_licence(licence.empty() ? meta("LicenseUrl") : licence);
  found.licence_url = meta("LicenseUrl").empty() ? licence_url(found.licence) : meta("LicenseUrl");
  found.attribution = fmt::format("{}{}{}, via Wikimedia Commons", found.creator, found.creator.empty() ? "" : ", ",
                                  licence.empty() ? found.licence : licence);
  return found;
}

Result<std::vector<Candidate>> read(std::string_view body) {
  LLMI_TRY(Json pages, list_at("Wikimedia Commons", body, "query.pages"));
  std::vector<Json> ranked(pages.begin(), pages.end());
  std::ranges::stable_sort(ranked, {}, [](const Json& page) { return number_at(page, "index"); });
  std::vector<Candidate> candidates;
  for (const Json& page : ranked) {
    if (page.is_object() && page.contains("imageinfo") && page["imageinfo"].is_array() && !page["imageinfo"].empty())
      candidates.push_back(candidate(page, page["imageinfo"][0]));
  }
  return candidates;
}

}  // namespace

const Api kCommons{.name = "commons", .url = "https://commons.wikimedia.org", .request = request, .read = read};

}  // namespace llmi::tools::online
