#pragma once

#include <chrono>
#include <functional>

#include "base/run_context.h"
#include "net/http_client.h"

namespace llmi::net {

/// Whether asking twice costs nobody anything: a GET that no key pays for.
[[nodiscard]] bool may_hedge(const HttpRequest& request);

/// What `ask` returns, asked a second time when there is no answer after `patience`: the first good answer counts, the
/// other call is stopped and waited for. With no good one, the last. `ask` runs on threads of its own, two at a time.
[[nodiscard]] Result<HttpResponse> hedged(const RunContext& context, std::chrono::milliseconds patience,
                                          const std::function<Result<HttpResponse>(const RunContext&)>& ask);

}  // namespace llmi::net
