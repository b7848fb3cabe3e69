#include "tools/search/online/online_provider.h"

#include <fmt/format.h>

#include "net/server_error.h"

namespace llmi::tools::online {
namespace {

constexpr std::chrono::milliseconds kOfflineAfter{300};
constexpr std::size_t kLargestReply = std::size_t{16} << 20;
constexpr std::size_t kLargestPicture = std::size_t{64} << 20;
constexpr int kMostRedirects = 5;
// A search has a deadline of seconds and other providers to turn to.
constexpr std::chrono::milliseconds kPatience{1500};
constexpr net::RetryPolicy kRetry{.attempts = 3};

class OnlineProvider final : public Provider {
 public:
  OnlineProvider(std::shared_ptr<net::Network> network, OnlineOptions options)
      : network_(std::move(network)), options_(std::move(options)) {}

  [[nodiscard]] std::string_view name() const override { return api().name; }
  [[nodiscard]] Availability availability() const override { return {.usable = true}; }
  [[nodiscard]] bool online() const override { return true; }
  [[nodiscard]] bool small_pictures() const override { return false; }
  [[nodiscard]] bool reachable(const RunContext& context) override {
    return network_->reachable(context, options_.access.url, kOfflineAfter);
  }
  [[nodiscard]] std::string cache_identity(const RunContext&) override { return options_.access.url; }

  [[nodiscard]] Result<std::vector<Candidate>> search(const RunContext& context, const SearchQuery& query) override {
    const net::HttpRequest request = limited(api().request(options_.access, query));
    LLMI_TRY(const net::HttpResponse response, network_->call(context, request, call_options()));
    if (!response.ok()) return std::unexpected(refusal(request, response));
    LLMI_TRY(std::vector<Candidate> candidates, api().read(response.body));
    if (candidates.size() > query.limit) candidates.resize(query.limit);
    for (Candidate& candidate : candidates) {
      candidate.provider = name();
      if (const auto url = resolved(candidate.url)) candidate.url = *url;
    }
    return candidates;
  }

  [[nodiscard]] Result<std::string> fetch(const RunContext& context, const Candidate& candidate) override {
    const net::HttpRequest request{.url = candidate.url, .max_bytes = kLargestPicture, .max_redirects = kMostRedirects};
    LLMI_TRY(net::HttpResponse response, network_->call(context, request, {.retry = {.attempts = 1}}));
    if (!response.ok()) return std::unexpected(net::status_error("the picture's server", request, response));
    return std::move(response.body);
  }

  void used(const RunContext& context, const Candidate& candidate) override {
    if (candidate.use_url.empty()) return;
    const auto url = net::parse_url(candidate.use_url);
    const auto own = net::parse_url(options_.access.url);
    net::HttpRequest request{.url = candidate.use_url};
    // The key goes to the provider only, wherever its reply points.
    if (url && own && url->site == own->site)
      request.secret_headers = api().request(options_.access, {}).secret_headers;
    [[maybe_unused]] const auto reply = network_->call(context, request, {.retry = {.attempts = 1}});
  }

 private:
  [[nodiscard]] const Api& api() const { return *options_.api; }
  [[nodiscard]] net::CallOptions call_options() const {
    return {.max_concurrent = options_.max_concurrent, .retry = kRetry, .patience = kPatience};
  }

  static net::HttpRequest limited(net::HttpRequest request) {
    request.max_bytes = kLargestReply;
    return request;
  }

  /// A reply may name its pictures relative to itself.
  [[nodiscard]] Result<std::string> resolved(const std::string& reference) const {
    LLMI_TRY(const net::Url base, net::parse_url(options_.access.url));
    LLMI_TRY(const net::Url url, net::resolve_url(base, reference));
    return url.text;
  }

  [[nodiscard]] Error refusal(const net::HttpRequest& request, const net::HttpResponse& response) const {
    Error error = net::status_error(fmt::format("the search provider {}", name()), request, response);
    const std::string_view why = api().explain == nullptr ? "" : api().explain(response.status);
    if (!why.empty()) error.message = fmt::format("{} answered {}: {}", name(), response.status, why);
    return error;
  }

  std::shared_ptr<net::Network> network_;
  const OnlineOptions options_;
};

}  // namespace

std::shared_ptr<Provider> make_online_provider(std::shared_ptr<net::Network> network, OnlineOptions options) {
  return std::make_shared<OnlineProvider>(std::move(network), std::move(options));
}

}  // namespace llmi::tools::online
