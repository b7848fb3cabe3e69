#include "net/server_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "net/retry.h"

namespace llmi::net {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestMessage = 300;

/// What servers write when their rules about content say no.
constexpr std::array<std::string_view, 9> kPolicyWords{"content_policy", "content policy",    "moderation_blocked",
                                                       "safety system",  "content filter",    "content_filter",
                                                       "contentfilter",  "sensitive content", "sensitivecontent"};

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) {
    for (const char* key : {"message", "msg", "detail", "error"}) {
      if (value.contains(key)) return text_of(value[key]);
    }
  }
  if (value.is_array() && !value.empty()) return text_of(value[0]);
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string one_line(std::string_view raw) {
  std::string text = to_valid_utf8(raw);
  std::ranges::replace_if(text, [](unsigned char c) { return std::iscntrl(c) != 0; }, ' ');
  text.resize(valid_utf8_prefix(std::string_view(text).substr(0, kLongestMessage)));
  return text;
}

bool names_policy(std::string_view body) {
  std::string lower(body.substr(0, 4096));
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::any_of(kPolicyWords,
                             [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string_view advice(int status) {
  switch (status) {
    case 401:
    case 403:
      return "; check the key that api_key_env names";
    case 404:
      return "; check the address and the model's name";
    default:
      return "";
  }
}

void hide(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "[secret]");
}

}  // namespace

std::string without_secrets(std::string text, const HttpRequest& request) {
  for (const Header& header : request.secret_headers) {
    std::string_view secret = header.value;
    if (const auto space = secret.rfind(' '); space != std::string_view::npos) secret = secret.substr(space + 1);
    hide(text, secret);
  }
  for (const auto& [name, secret] : request.secret_query) hide(text, secret);
  return text;
}

std::string reply_message(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded() || !(json.is_object() || json.is_array())) return one_line(body.substr(0, 4096));
  return one_line(text_of(json));
}

Error status_error(std::string_view server, const HttpRequest& request, const HttpResponse& response) {
  const std::string said = without_secrets(reply_message(without_secrets(response.body, request)), request);
  const bool temporary = may_retry(response.status);
  const bool policy = !temporary && names_policy(response.body);
  return {
      .code = temporary ? ErrorCode::kUnavailable
              : policy  ? ErrorCode::kForbidden
                        : ErrorCode::kRefused,
      .message = fmt::format("{} answered {}{}{}{}", server, response.status, said.empty() ? "" : ": ", said,
                             policy ? "" : advice(response.status)),
      .origin = Origin::kUpstream,
      .retryable = temporary,
      .retry_after = retry_after(response, std::chrono::system_clock::now()).value_or(std::chrono::milliseconds{0})};
}

}  // namespace llmi::net
