#include "tools/search/search_tool.h"

#include <fmt/format.h>

#include <algorithm>

namespace llmi::tools {
namespace {

constexpr std::string_view kAlgorithm = "search 1";
constexpr std::int64_t kMinPixels = std::int64_t{400} * 400;
constexpr std::int64_t kMaxPixels = std::int64_t{5120} * 5120;

Fault fault_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kTimeout:
      return {Stage::kTimeout, "the search took too long"};
    case ErrorCode::kCancelled:
      return {Stage::kCancelled, "cancelled"};
    case ErrorCode::kRefused:
      return {Stage::kPolicy, error.message};
    default:
      return {Stage::kTool, error.message};
  }
}

document::Provenance provenance_of(const std::string& query, const Candidate& candidate) {
  document::Provenance provenance;
  provenance.tool = "search";
  provenance.backend = candidate.provider;
  provenance.query = query;
  provenance.title = candidate.title;
  provenance.creator = candidate.creator;
  provenance.licence = candidate.licence;
  provenance.licence_url = candidate.licence_url;
  provenance.page_url = candidate.page_url;
  provenance.attribution = candidate.attribution;
  return provenance;
}

std::int64_t pixels(int width, int height) { return std::int64_t{width} * height; }

}  // namespace

std::string_view SearchTool::backend() const {
  return options_.providers.size() == 1 ? options_.providers.front()->name() : "search";
}

Availability SearchTool::availability() const {
  Availability first{.reason = "no search provider is configured",
                     .remedy = "set [search] providers, e.g. [\"local\"]"};
  for (const auto& provider : options_.providers) {
    Availability one = provider->availability();
    if (one.usable) return one;
    if (&provider == &options_.providers.front()) first = std::move(one);
  }
  return first;
}

std::string SearchTool::cache_identity(const RunContext& context, const Request& /*request*/) const {
  std::string identity = fmt::format("{}\nlicences {}\n", kAlgorithm, options_.licences.text());
  for (const auto& provider : options_.providers) {
    const std::string one = provider->cache_identity(context);
    if (one.empty()) return {};
    identity += fmt::format("{} {}\n", provider->name(), one);
  }
  return identity;
}

Result<std::vector<Candidate>> SearchTool::list(const RunContext& context, const SearchQuery& query) const {
  const RunContext limited = context.capped(options_.deadline);
  std::vector<Candidate> candidates;
  Result<void> failure;
  bool answered = false;
  for (const auto& provider : options_.providers) {
    LLMI_CHECK_OK(context.check());
    Result<std::vector<Candidate>> found = provider->search(limited, query);
    if (!found) {
      if (failure) failure = std::unexpected(found.error());
      continue;
    }
    answered = true;
    for (Candidate& candidate : *found)
      if (options_.licences.allows(candidate.licence)) candidates.push_back(std::move(candidate));
  }
  if (!answered && !failure) return std::unexpected(failure.error());
  return candidates;
}

Outcome SearchTool::run(const RunContext& context, const Request& request) {
  const auto* params = std::get_if<tag::SearchParams>(&request.tag.params);
  const std::string query = params == nullptr ? std::string() : params->query;
  const Result<std::vector<Candidate>> candidates = list(context, {.text = query, .hint = request.tag.description});
  if (!candidates) return {.result = fault_of(candidates.error())};
  return choose(context, query, *candidates);
}

Outcome SearchTool::choose(const RunContext& context, const std::string& query,
                           const std::vector<Candidate>& candidates) const {
  std::string last_problem;
  for (const Candidate& candidate : candidates) {
    if (const auto go_on = context.check(); !go_on) return {.result = fault_of(go_on.error())};
    Result<image::Picture> picture = picture_of(context, candidate);
    if (picture) return {.result = Made{.picture = *std::move(picture), .provenance = provenance_of(query, candidate)}};
    if (picture.error().code == ErrorCode::kCancelled) return {.result = fault_of(picture.error())};
    last_problem = picture.error().message;
  }
  const std::string policy =
      options_.licences.text().empty() ? "" : fmt::format(" with a licence in [{}]", options_.licences.text());
  if (candidates.empty())
    return {.result = Fault{Stage::kTool,
                            fmt::format("no picture{} fits \"{}\"; try other words or another tool", policy, query)}};
  return {.result = Fault{Stage::kTool, fmt::format("none of the {} pictures found for \"{}\" can be used: {}",
                                                    candidates.size(), query, last_problem)}};
}

Result<image::Picture> SearchTool::picture_of(const RunContext& context, const Candidate& candidate) const {
  const auto* source = provider(candidate.provider);
  if (source == nullptr) return internal_error("a candidate of an unknown provider");
  const std::int64_t least = (*source)->small_pictures() ? 1 : kMinPixels;
  const auto fits = [&](std::int64_t count) { return count >= least && count <= kMaxPixels; };
  const bool size_known = candidate.width > 0 && candidate.height > 0;
  if (size_known && !fits(pixels(candidate.width, candidate.height)))
    return fail(ErrorCode::kUnreadable, Origin::kTool, "its size is outside the limits");
  LLMI_TRY(const std::string bytes, (*source)->fetch(context, candidate));
  LLMI_TRY(image::Picture picture, options_.decoder(context, bytes));
  if (!size_known && !fits(pixels(picture.width, picture.height)))
    return fail(ErrorCode::kUnreadable, Origin::kTool, "its size is outside the limits");
  return picture;
}

const std::shared_ptr<Provider>* SearchTool::provider(std::string_view name) const {
  const auto found = std::ranges::find(options_.providers, name,
                                       [](const std::shared_ptr<Provider>& provider) { return provider->name(); });
  return found == options_.providers.end() ? nullptr : &*found;
}

}  // namespace llmi::tools
