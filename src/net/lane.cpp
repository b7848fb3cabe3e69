#include "net/lane.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>
#include <stop_token>

namespace llmi::net {
namespace {

constexpr std::chrono::milliseconds kPollStep{1000};

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// What the callbacks of one transfer share; they run on the thread of Lane::run.
struct Transfer {
  const Exchange& exchange;
  const BodySink& sink;
  HttpResponse response;
  std::string plain{};    ///< The URL of a connection without more.
  std::string refused{};  ///< Why the guard did not let it connect.
  bool sink_received = false;
  bool stopped_by_sink = false;
  bool too_large = false;
  Clock::time_point last_byte = Clock::now();

  [[nodiscard]] bool to_sink() const {
    const int wanted = exchange.request.sink_status;
    return sink && (wanted == 0 ? response.ok() : response.status == wanted);
  }
};

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.exchange.any_address) {
    if (const auto what = not_public(address->addr)) {
      transfer.refused = *what;
      return CURL_SOCKET_BAD;
    }
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::string lower(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return copy;
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

/// A status line starts a new set of headers: what came before belonged to an interim (1xx) reply.
void take_header_line(Transfer& transfer, std::string_view line) {
  transfer.last_byte = Clock::now();
  if (line.starts_with("HTTP/")) {
    transfer.response.headers.clear();
    const auto space = line.find(' ');
    if (space != std::string_view::npos)
      std::from_chars(line.data() + space + 1, line.data() + line.size(), transfer.response.status);
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  transfer.response.headers.push_back(
      {.name = lower(line.substr(0, colon)), .value = std::string(trimmed(line.substr(colon + 1)))});
}

std::size_t on_header(const char* data, std::size_t one, std::size_t size, void* user) {
  take_header_line(*static_cast<Transfer*>(user), std::string_view(data, one * size));
  return one * size;
}

std::size_t on_body(const char* data, std::size_t one, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view piece(data, one * size);
  transfer.last_byte = Clock::now();
  if (transfer.to_sink()) {
    transfer.sink_received = true;
    transfer.stopped_by_sink = !transfer.sink(piece);
    return transfer.stopped_by_sink ? 0 : piece.size();
  }
  transfer.too_large = transfer.response.body.size() + piece.size() > transfer.exchange.request.max_bytes;
  if (transfer.too_large) return 0;
  transfer.response.body += piece;
  return piece.size();
}

List header_list(const Exchange& exchange) {
  curl_slist* list = nullptr;
  const auto add = [&](const std::vector<Header>& headers) {
    for (const Header& header : headers)
      list = curl_slist_append(list, fmt::format("{}: {}", header.name, header.value).c_str());
  };
  add(exchange.request.headers);
  if (exchange.with_secrets) add(exchange.request.secret_headers);
  list = curl_slist_append(list, "Expect:");  // A server that does not know 100-continue costs a second otherwise.
  return {list, &curl_slist_free_all};
}

/// "host:port:address,address" for CURLOPT_RESOLVE; null with the system's resolver.
List resolved(const Resolver& resolver, const Site& site) {
  if (!resolver) return {nullptr, &curl_slist_free_all};
  std::string line = fmt::format("+{}:{}:", site.host, site.port);
  bool first = true;
  for (const std::string& address : resolver(site.host)) {
    line += (first ? "" : ",") + address;
    first = false;
  }
  return {curl_slist_append(nullptr, line.c_str()), &curl_slist_free_all};
}

void configure(CURL* easy, const HttpClient::Options& options, Transfer& transfer) {
  const HttpRequest& request = transfer.exchange.request;
  curl_easy_setopt(easy, CURLOPT_URL, transfer.exchange.url.text.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // A resolver that hangs does not hold up a passed deadline.
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  if (transfer.exchange.connect_only) {
    // Plain HTTP to the same port: TCP alone, without the rounds of a TLS handshake.
    transfer.plain = fmt::format("http://{}:{}/", transfer.exchange.url.site.host, transfer.exchange.url.site.port);
    if (transfer.exchange.url.site.host.find(':') != std::string::npos)
      transfer.plain = fmt::format("http://[{}]:{}/", transfer.exchange.url.site.host, transfer.exchange.url.site.port);
    curl_easy_setopt(easy, CURLOPT_URL, transfer.plain.c_str());
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  }
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
}

std::unexpected<Error> unavailable(std::string message, bool retryable) {
  return std::unexpected(Error{.code = ErrorCode::kUnavailable,
                               .message = std::move(message),
                               .origin = Origin::kUpstream,
                               .retryable = retryable});
}

/// The outcome of a transfer that curl ended with `code`.
Result<HttpResponse> outcome(Transfer& transfer, CURLcode code) {
  const Site& site = transfer.exchange.url.site;
  if (code == CURLE_OK || transfer.stopped_by_sink) return std::move(transfer.response);
  if (!transfer.refused.empty())
    return fail(ErrorCode::kForbidden, Origin::kCaller,
                fmt::format("{} leads to {}, which is not fetched; list it under [search] allow_hosts if it may be",
                            to_text(site), transfer.refused));
  if (transfer.too_large)
    return fail(
        ErrorCode::kResourceExhausted, Origin::kUpstream,
        fmt::format("the reply of {} is larger than {} bytes", to_text(site), transfer.exchange.request.max_bytes));
  const bool began = transfer.response.status != 0;
  return unavailable(fmt::format("{} {}: {}", to_text(site), began ? "broke off its reply" : "cannot be reached",
                                 curl_easy_strerror(code)),
                     !transfer.sink_received);
}

}  // namespace

Lane::Lane() {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(kReady);
  multi_ = curl_multi_init();
}
Lane::~Lane() { curl_multi_cleanup(multi_); }

Result<HttpResponse> Lane::run(const RunContext& context, const HttpClient::Options& options, const Exchange& exchange,
                               const BodySink& sink) {
  Transfer transfer{.exchange = exchange, .sink = sink};
  const Easy easy(curl_easy_init(), &curl_easy_cleanup);
  const List headers = header_list(exchange);
  const List addresses = resolved(options.resolver, exchange.url.site);
  configure(easy.get(), options, transfer);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  if (addresses) curl_easy_setopt(easy.get(), CURLOPT_RESOLVE, addresses.get());

  const std::stop_callback wake(context.stop, [this] { curl_multi_wakeup(multi_); });
  curl_multi_add_handle(multi_, easy.get());
  const auto end = [&] { curl_multi_remove_handle(multi_, easy.get()); };
  for (int running = 1;;) {
    curl_multi_perform(multi_, &running);
    if (running == 0) break;
    Clock::duration wait = std::min<Clock::duration>(context.deadline.remaining(), kPollStep);
    const Clock::duration silence = Clock::now() - transfer.last_byte;
    const auto limit = exchange.request.idle_timeout;
    Result<void> status = context.check();
    if (status && limit.count() > 0) {
      if (silence >= limit)
        status = unavailable(fmt::format("{} has been silent for {} s", to_text(exchange.url.site),
                                         std::chrono::duration<double>(limit).count()),
                             !transfer.sink_received);
      wait = std::min<Clock::duration>(wait, limit - std::min<Clock::duration>(silence, limit));
    }
    if (!status) {
      end();
      return std::unexpected(std::move(status).error());
    }
    const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(wait_ms), nullptr);
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi_, &left);
  const CURLcode code = message != nullptr ? message->data.result : CURLE_FAILED_INIT;
  end();
  return outcome(transfer, code);
}

}  // namespace llmi::net
