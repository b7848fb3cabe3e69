#include "connections.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/file.h"

namespace llmi::app {
namespace {

constexpr std::size_t kLongestKey = 8192;

std::unexpected<Error> bad(const config::Settings& settings, std::string_view key, std::string_view why) {
  return fail(ErrorCode::kInvalidConfig, Origin::kCaller, fmt::format("{}: {}: {}", settings.place(key), key, why));
}

bool is_address(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

/// The keys that hold addresses.
std::vector<std::string> address_keys(const config::Settings& settings) {
  std::vector<std::string> keys;
  for (const std::string& key : settings.keys()) {
    if (key.ends_with(".url") && !settings.text(key).empty()) keys.push_back(key);
  }
  for (const char* key : {"model.default", "reward.llm_judge", "reward.mllm_judge", "eval.judge"}) {
    if (is_address(settings.text(key))) keys.emplace_back(key);
  }
  return keys;
}

std::string trimmed(std::string text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!text.empty() && is_space(text.back())) text.pop_back();
  while (!text.empty() && is_space(text.front())) text.erase(0, 1);
  return text;
}

}  // namespace

Result<std::shared_ptr<net::Network>> make_network(const config::Settings& settings) {
  std::vector<net::AllowedHost> allowed;
  for (const std::string& key : address_keys(settings)) {
    const auto host = is_address(settings.text(key)) ? net::parse_allowed_host(settings.text(key))
                                                     : invalid_argument("an address begins with http:// or https://");
    if (!host) return bad(settings, key, host.error().message);
    allowed.push_back(*host);
  }
  for (const std::string& text : settings.list("search.allow_hosts")) {
    const auto host = net::parse_allowed_host(text);
    if (!host) return bad(settings, "search.allow_hosts", host.error().message);
    allowed.push_back(*host);
  }
  return std::make_shared<net::Network>(
      net::HttpClient::Options{.guard = net::AddressGuard(std::move(allowed)), .user_agent = "llmi/" LLMI_VERSION});
}

Result<std::string> secret(const config::Settings& settings, std::string_view table, const char* usual) {
  const std::string variable_key = fmt::format("{}.api_key_env", table);
  const std::string file_key = fmt::format("{}.api_key_file", table);
  const std::string variable = settings.text(variable_key);
  const std::string file = settings.text(file_key);
  if (!variable.empty()) {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0')
      return bad(settings, variable_key, fmt::format("the environment variable {} is not set", variable));
    return trimmed(value);
  }
  if (!file.empty()) {
    const auto content = read_file(file, kLongestKey);
    if (!content) return bad(settings, file_key, content.error().message);
    return trimmed(*content);
  }
  const char* value = usual != nullptr ? std::getenv(usual) : nullptr;
  return value != nullptr ? trimmed(value) : std::string();
}

}  // namespace llmi::app
