#include "tools/search/search_tool.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace llmi::tools {
namespace {

constexpr std::string_view kAlgorithm = "search 2";
constexpr std::string_view kOffline = "no search provider can be reached: this machine seems to be offline";
constexpr std::int64_t kMinPixels = std::int64_t{400} * 400;
constexpr std::int64_t kMaxPixels = std::int64_t{5120} * 5120;

Fault fault_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kTimeout:
      return {Stage::kTimeout, "the search took too long"};
    case ErrorCode::kCancelled:
      return {Stage::kCancelled, "cancelled"};
    case ErrorCode::kForbidden:
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

/// What is worth telling of failed tries: the run's own end first, then a refusal by policy if there was nothing else.
const Error& telling(const std::vector<Error>& problems) {
  const auto ends = [](const Error& error) { return error.code == ErrorCode::kCancelled; };
  const auto other = [](const Error& error) { return error.code != ErrorCode::kForbidden; };
  if (const auto found = std::ranges::find_if(problems, ends); found != problems.end()) return *found;
  if (const auto found = std::ranges::find_if(problems, other); found != problems.end()) return *found;
  return problems.front();
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
  for (const auto& provider : reachable_providers(context)) {
    const std::string one = provider->cache_identity(context);
    if (one.empty()) return {};
    identity += fmt::format("{} {}\n", provider->name(), one);
  }
  return identity;
}

SearchTool::Providers SearchTool::reachable_providers(const RunContext& context) const {
  std::vector<char> reachable(options_.providers.size(), 1);
  {
    // Side by side, so that being offline is noticed in the time that one of them takes.
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < options_.providers.size(); ++i) {
      if (options_.providers[i]->online())
        threads.emplace_back([&, i] { reachable[i] = options_.providers[i]->reachable(context) ? 1 : 0; });
    }
  }
  Providers providers;
  for (std::size_t i = 0; i < options_.providers.size(); ++i) {
    if (reachable[i] != 0) providers.push_back(options_.providers[i]);
  }
  return providers;
}

Result<std::vector<Candidate>> SearchTool::ask(const RunContext& context, Provider& provider,
                                               const SearchQuery& query) const {
  LLMI_TRY(std::vector<Candidate> candidates, provider.search(context, query));
  std::erase_if(candidates, [&](const Candidate& candidate) { return !options_.licences.allows(candidate.licence); });
  candidates.erase(candidates.begin(),
                   candidates.begin() + static_cast<std::ptrdiff_t>(std::min(query.skip, candidates.size())));
  return candidates;
}

Result<std::vector<Candidate>> SearchTool::list(const RunContext& context, const SearchQuery& query) const {
  const RunContext limited = context.capped(options_.deadline);
  std::vector<Candidate> candidates;
  std::optional<Error> failure;
  bool answered = false;
  for (const auto& provider : reachable_providers(limited)) {
    LLMI_CHECK_OK(context.check());
    auto found = ask(limited, *provider, query);
    answered = answered || found.has_value();
    if (found) {
      std::ranges::move(*found, std::back_inserter(candidates));
    } else if (!failure) {
      failure = found.error();
    }
  }
  if (answered) return candidates;
  if (failure) return std::unexpected(*failure);
  return fail(ErrorCode::kUnavailable, Origin::kTool, std::string(kOffline));
}

Outcome SearchTool::run(const RunContext& context, const Request& request) {
  const auto* params = std::get_if<tag::SearchParams>(&request.tag.params);
  return find(context, {.text = params == nullptr ? std::string() : params->query,
                        .hint = request.tag.description,
                        .skip = request.variant})
      .outcome;
}

SearchTool::Found SearchTool::find(const RunContext& context, const SearchQuery& query) const {
  const RunContext limited = context.capped(options_.deadline);
  const Providers providers = reachable_providers(limited);
  if (providers.empty())
    return {.outcome = {.result = Fault{Stage::kTool, std::string(kOffline)}, .lasting = false, .unreachable = true}};
  Found found =
      options_.mode == SearchMode::kRace ? race(limited, providers, query) : in_order(limited, providers, query);
  if (const auto go_on = context.check(); !go_on && found.outcome.made() == nullptr)
    found.outcome.result = fault_of(go_on.error());
  return found;
}

SearchTool::Found SearchTool::in_order(const RunContext& context, const Providers& providers,
                                       const SearchQuery& query) const {
  Found all{.outcome = {.result = nothing_found(query.text)}};
  bool told = false;
  for (const auto& provider : providers) {
    if (!context.check()) break;
    Found one = find_at(context, *provider, query);
    std::ranges::move(one.candidates, std::back_inserter(all.candidates));
    all.outcome.lasting = all.outcome.lasting && one.outcome.lasting;
    const bool made = one.outcome.made() != nullptr;
    // Of several problems the first says most: the providers stand in the order of preference.
    if (made || (!told && (!one.candidates.empty() || !one.outcome.lasting))) {
      all.outcome.result = std::move(one.outcome.result);
      all.outcome.unreachable = one.outcome.unreachable;
      told = true;
    }
    if (made) break;
  }
  return all;
}

SearchTool::Found SearchTool::race(const RunContext& context, const Providers& providers,
                                   const SearchQuery& query) const {
  std::stop_source stop;
  const std::stop_callback forward(context.stop, [&] { stop.request_stop(); });
  RunContext inner = context;
  inner.stop = stop.get_token();
  std::vector<Found> found(providers.size());
  std::mutex mutex;
  std::optional<std::size_t> winner;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < providers.size(); ++i) {
      threads.emplace_back([&, i] {
        found[i] = find_at(inner, *providers[i], query);
        const std::lock_guard lock(mutex);
        if (winner || found[i].outcome.made() == nullptr) return;
        winner = i;
        stop.request_stop();
      });
    }
  }
  Found all{.outcome = {.result = nothing_found(query.text)}};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool chosen = winner ? *winner == i : !found[i].candidates.empty() || !found[i].outcome.lasting;
    if (chosen) {
      all.outcome.result = std::move(found[i].outcome.result);
      all.outcome.unreachable = found[i].outcome.unreachable;
    }
    all.outcome.lasting = all.outcome.lasting && (winner || found[i].outcome.lasting);
    std::ranges::move(found[i].candidates, std::back_inserter(all.candidates));
  }
  return all;
}

SearchTool::Found SearchTool::find_at(const RunContext& context, Provider& provider, const SearchQuery& query) const {
  auto candidates = ask(context, provider, query);
  if (!candidates) {
    const bool unreachable = candidates.error().code == ErrorCode::kUnavailable;
    return {.outcome = {.result = fault_of(candidates.error()), .lasting = false, .unreachable = unreachable}};
  }
  Outcome outcome = choose(context, provider, query.text, *candidates);
  return {.outcome = std::move(outcome), .candidates = *std::move(candidates)};
}

Outcome SearchTool::choose(const RunContext& context, Provider& provider, const std::string& query,
                           const std::vector<Candidate>& candidates) const {
  if (candidates.empty()) return {.result = nothing_found(query)};
  // Pictures on this machine cost nothing to fetch: the first is almost always good.
  FirstGoodOptions downloads = options_.downloads;
  if (!provider.online()) downloads.at_once = 1;
  FirstGood good = first_good(context, candidates.size(), downloads, [&](const RunContext& inner, std::size_t i) {
    return picture_of(inner, provider, candidates[i]);
  });
  if (good.picture) {
    const Candidate& chosen = candidates[good.index];
    provider.used(context, chosen);
    return {.result = Made{.picture = *std::move(good.picture), .provenance = provenance_of(query, chosen)}};
  }
  Fault fault = fault_of(telling(good.problems));
  if (fault.stage == Stage::kTool || fault.stage == Stage::kPolicy)
    fault.message = fmt::format("none of the {} pictures found for \"{}\" can be used: {}", candidates.size(), query,
                                fault.message);
  return {.result = std::move(fault), .lasting = !provider.online()};
}

Result<image::Picture> SearchTool::picture_of(const RunContext& context, Provider& provider,
                                              const Candidate& candidate) const {
  const std::int64_t least = provider.small_pictures() ? 1 : kMinPixels;
  const auto fits = [&](std::int64_t count) { return count >= least && count <= kMaxPixels; };
  const bool size_known = candidate.width > 0 && candidate.height > 0;
  const auto wrong_size = fail(ErrorCode::kUnreadable, Origin::kTool, "its size is outside the limits");
  if (size_known && !fits(pixels(candidate.width, candidate.height))) return wrong_size;
  LLMI_TRY(const std::string bytes, provider.fetch(context, candidate));
  LLMI_TRY(image::Picture picture, options_.decoder(context, bytes));
  // What a server on the internet says of a size need not be true.
  if ((!size_known || provider.online()) && !fits(pixels(picture.width, picture.height))) return wrong_size;
  return picture;
}

Fault SearchTool::nothing_found(const std::string& query) const {
  const std::string policy =
      options_.licences.text().empty() ? "" : fmt::format(" with a licence in [{}]", options_.licences.text());
  return {Stage::kTool, fmt::format("no picture{} fits \"{}\"; try other words or another tool", policy, query)};
}

}  // namespace llmi::tools
