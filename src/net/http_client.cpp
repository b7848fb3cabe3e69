#include "net/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "net/lane.h"

namespace llmi::net {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Url with_query(Url url, const Query& query) {
  std::string text = query_text(query);
  if (!text.empty() && url.text.find('?') != std::string::npos) text.front() = '&';
  url.text += text;
  return url;
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &Header::name);
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

/// The lanes that nobody uses at the moment.
class HttpClient::Lanes {
 public:
  std::unique_ptr<Lane> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<Lane>();
    auto lane = std::move(idle_.back());
    idle_.pop_back();
    return lane;
  }
  void give_back(std::unique_ptr<Lane> lane) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(lane));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Lane>> idle_;
};

HttpClient::HttpClient(Options options) : options_(std::move(options)) { lanes_ = std::make_unique<Lanes>(); }

HttpClient::~HttpClient() = default;

Result<HttpResponse> HttpClient::send(const RunContext& context, const HttpRequest& request, const BodySink& sink) {
  LLMI_TRY(Url url, parse_url(request.url));
  const Site first = url.site;
  auto lane = lanes_->take();
  for (int hops = 0;; ++hops) {
    LLMI_CHECK_OK(context.check());
    const bool with_secrets = url.site == first;
    const Url asked = with_secrets ? with_query(url, request.secret_query) : url;
    const Exchange exchange{.request = request,
                            .url = asked,
                            .any_address = options_.guard.allows_any_address(url.site),
                            .with_secrets = with_secrets};
    auto response = lane->run(context, options_, exchange, sink);
    if (response) response->url = url.text;
    if (response && request.method == "GET" && is_redirect(response->status) && request.max_redirects > 0) {
      if (hops == request.max_redirects)
        return fail(ErrorCode::kRefused, Origin::kUpstream,
                    fmt::format("{} redirects more than {} times", to_text(first), request.max_redirects));
      LLMI_TRY(url, resolve_url(url, response->header("location")));
      continue;
    }
    lanes_->give_back(std::move(lane));
    return response;
  }
}

bool HttpClient::connects(const RunContext& context, std::string_view url, std::chrono::milliseconds span) {
  const auto parsed = parse_url(url);
  if (!parsed) return false;
  const HttpRequest request{.url = parsed->text, .connect_timeout = span};
  const Exchange exchange{.request = request,
                          .url = *parsed,
                          .any_address = options_.guard.allows_any_address(parsed->site),
                          .connect_only = true};
  return Lane().run(context.capped(span), options_, exchange, {}).has_value();
}

}  // namespace llmi::net
