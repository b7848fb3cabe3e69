#include "net/network.h"

namespace llmi::net {

Result<HttpResponse> Network::call(const RunContext& context, const HttpRequest& request, const CallOptions& options,
                                   const BodySink& sink) {
  LLMI_TRY(const Url url, parse_url(request.url));
  LLMI_TRY(const SiteLimits::Place place, limits_.enter(context, url.site, options.max_concurrent));
  return send_with_retries(client_, context, request, sink, options.retry);
}

}  // namespace llmi::net
