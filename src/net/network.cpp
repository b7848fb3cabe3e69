#include "net/network.h"

#include "net/hedge.h"

namespace llmi::net {
namespace {

constexpr std::chrono::minutes kRemembered{1};

}  // namespace

Result<HttpResponse> Network::call(const RunContext& context, const HttpRequest& request, const CallOptions& options,
                                   const BodySink& sink) {
  if (options.patience.count() == 0 || sink || !may_hedge(request)) return call_once(context, request, options, sink);
  return hedged(context, options.patience,
                [&](const RunContext& inner) { return call_once(inner, request, options, {}); });
}

Result<HttpResponse> Network::call_once(const RunContext& context, const HttpRequest& request,
                                        const CallOptions& options, const BodySink& sink) {
  if (options.max_concurrent == 0) return send_with_retries(client_, context, request, sink, options.retry);
  LLMI_TRY(const SiteLimits::Place place, enter(context, request.url, options.max_concurrent));
  return send_with_retries(client_, context, request, sink, options.retry);
}

Result<SiteLimits::Place> Network::enter(const RunContext& context, const std::string& url, std::size_t most) {
  LLMI_TRY(const Url parsed, parse_url(url));
  return limits_.enter(context, parsed.site, most);
}

bool Network::reachable(const RunContext& context, const std::string& url, std::chrono::milliseconds span) {
  const auto parsed = parse_url(url);
  if (!parsed) return false;
  if (client_.guard().allows_any_address(parsed->site)) return true;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = reach_.find(parsed->site);
        found != reach_.end() && Clock::now() - found->second.seen < kRemembered)
      return found->second.reachable;
  }
  const bool reachable = client_.connects(context, url, span);
  const std::lock_guard lock(mutex_);
  reach_[parsed->site] = {reachable, Clock::now()};
  return reachable;
}

}  // namespace llmi::net
