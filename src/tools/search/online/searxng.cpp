#include <charconv>
#include <nlohmann/json.hpp>

#include "tools/search/online/api.h"
#include "tools/search/online/plain_text.h"
#include "tools/search/online/reply_json.h"

// SearXNG: the user's own meta search. It says nothing of licences.
namespace llmi::tools::online {
namespace {

net::HttpRequest request(const Access& access, const SearchQuery& query) {
  return {.url =
              net::endpoint(access.url, "", "/search") +
              net::query_text({{"q", query.text}, {"categories", "images"}, {"format", "json"}, {"safesearch", "1"}})};
}

/// "1920x1080", "1920 × 1080".
void read_size(std::string_view text, Candidate& candidate) {
  const std::size_t second = text.find_first_of("0123456789", text.find_first_not_of("0123456789"));
  if (second == std::string_view::npos) return;
  std::from_chars(text.data(), text.data() + text.size(), candidate.width);
  std::from_chars(text.data() + second, text.data() + text.size(), candidate.height);
}

Result<std::vector<Candidate>> read(std::string_view body) {
  LLMI_TRY(const Json results, list_at("SearXNG", body, "results"));
  std::vector<Candidate> candidates;
  for (const Json& item : results) {
    Candidate found{
        .title = plain_text(text_at(item, "title")), .url = text_at(item, "img_src"), .page_url = text_at(item, "url")};
    read_size(text_at(item, "resolution"), found);
    if (found.url.starts_with("//")) found.url.insert(0, "https:");
    if (!found.url.empty()) candidates.push_back(std::move(found));
  }
  return candidates;
}

std::string_view explain(int status) {
  return status == 403
             ? "this SearXNG server does not answer in JSON: add \"json\" to search.formats in its settings.yml, "
               "or use a server of your own"
             : "";
}

}  // namespace

const Api kSearxng{.name = "searxng", .request = request, .read = read, .explain = explain};

}  // namespace llmi::tools::online
