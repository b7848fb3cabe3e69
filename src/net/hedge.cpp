#include "net/hedge.h"

#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/channel.h"

namespace llmi::net {

bool may_hedge(const HttpRequest& request) {
  return request.method == "GET" && request.secret_headers.empty() && request.secret_query.empty();
}

Result<HttpResponse> hedged(const RunContext& context, std::chrono::milliseconds patience,
                            const std::function<Result<HttpResponse>(const RunContext&)>& ask) {
  std::stop_source stop;
  const std::stop_callback forward(context.stop, [&] { stop.request_stop(); });
  RunContext inner = context;
  inner.stop = stop.get_token();
  Channel<Result<HttpResponse>> answers(2);
  std::vector<std::jthread> calls;
  const auto call = [&] { calls.emplace_back([&] { answers.send(ask(inner)); }); };
  call();
  std::optional<Result<HttpResponse>> answer = answers.receive(Deadline::after(patience));
  if (!answer) {
    call();
    answer = answers.receive();
    if (!*answer || !(*answer)->ok()) answer = answers.receive();
  }
  stop.request_stop();
  return *std::move(answer);
}

}  // namespace llmi::net
