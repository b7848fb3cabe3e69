#include "net/url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>
#include <optional>

namespace llmi::net {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::optional<std::string> part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return std::nullopt;
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return std::string(text);
}

std::string host_name(std::string host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  while (host.ends_with('.')) host.pop_back();
  std::ranges::transform(host, host.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return host;
}

Result<Url> checked(CURLU* url, std::string_view shown) {
  const auto wrong = [&](std::string_view why) {
    return invalid_argument(fmt::format("\"{}\" is not a usable address: {}", shown.substr(0, 200), why));
  };
  curl_url_set(url, CURLUPART_FRAGMENT, nullptr, 0);
  const std::string scheme = part(url, CURLUPART_SCHEME).value_or("");
  if (scheme != "http" && scheme != "https") return wrong("only http:// and https:// are");
  if (part(url, CURLUPART_USER) || part(url, CURLUPART_PASSWORD))
    return invalid_argument("an address must not hold a name or password: name the key's variable with api_key_env");
  const std::string host = host_name(part(url, CURLUPART_HOST).value_or(""));
  if (host.empty()) return wrong("it has no host");
  const std::string port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
  std::uint16_t number = 0;
  if (std::from_chars(port.data(), port.data() + port.size(), number).ec != std::errc{})
    return wrong("the port is wrong");
  const auto text = part(url, CURLUPART_URL);
  if (!text) return wrong("it cannot be read");
  return Url{.text = *text, .site = {.scheme = scheme, .host = host, .port = number}};
}

}  // namespace

std::string to_text(const Site& site) {
  const bool usual = site.port == (site.scheme == "https" ? 443 : 80);
  const std::string host = site.host.find(':') == std::string::npos ? site.host : "[" + site.host + "]";
  return usual ? fmt::format("{}://{}", site.scheme, host) : fmt::format("{}://{}:{}", site.scheme, host, site.port);
}

Result<Url> parse_url(std::string_view text) {
  const Handle url(curl_url(), &curl_url_cleanup);
  const std::string copy(text);
  if (copy.find('\0') != std::string::npos ||
      curl_url_set(url.get(), CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) != CURLUE_OK)
    return invalid_argument(
        fmt::format("\"{}\" is not an address: write it like http://host:port", copy.substr(0, 200)));
  return checked(url.get(), text);
}

Result<Url> resolve_url(const Url& base, std::string_view reference) {
  const Handle url(curl_url(), &curl_url_cleanup);
  const std::string copy(reference);
  if (curl_url_set(url.get(), CURLUPART_URL, base.text.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) != CURLUE_OK)
    return invalid_argument(fmt::format("\"{}\" is not an address", copy.substr(0, 200)));
  return checked(url.get(), reference);
}

std::string endpoint(std::string_view configured, std::string_view suffix, std::string_view path) {
  while (configured.ends_with('/')) configured.remove_suffix(1);
  if (configured.ends_with(suffix)) configured.remove_suffix(suffix.size());
  while (configured.ends_with('/')) configured.remove_suffix(1);
  return fmt::format("{}{}{}", configured, suffix, path);
}

std::string query_text(const Query& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    const std::unique_ptr<char, decltype(&curl_free)> escaped(
        curl_easy_escape(nullptr, value.data(), static_cast<int>(value.size())), &curl_free);
    text += fmt::format("{}{}={}", text.empty() ? '?' : '&', name, escaped ? escaped.get() : "");
  }
  return text;
}

}  // namespace llmi::net
