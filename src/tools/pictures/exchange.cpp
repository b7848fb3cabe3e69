#include "tools/pictures/exchange.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "net/server_error.h"

namespace llmi::tools::pictures {
namespace {

constexpr std::size_t kLargestReply = std::size_t{256} << 20;
constexpr std::size_t kLargestPicture = std::size_t{64} << 20;
constexpr std::chrono::seconds kNoticeTime{2};
constexpr int kMostRedirects = 5;
constexpr std::string_view kBoundary = "llmi-form-7d0c1f8e5b2a4963";

/// The job holds its place at the site already.
constexpr net::CallOptions kHeld{.max_concurrent = 0};

std::string name_of(const Studio& studio) { return fmt::format("the picture server {}", studio.server.url); }

net::HttpRequest request(const Studio& studio, std::string method, const std::string& url) {
  net::HttpRequest request{.method = std::move(method), .url = url, .max_bytes = kLargestReply};
  if (!studio.server.key.empty()) request.secret_headers = {{"Authorization", "Bearer " + studio.server.key}};
  return request;
}

Result<net::HttpResponse> answered(const Studio& studio, const net::HttpRequest& request) {
  LLMI_TRY(net::HttpResponse response, studio.network.call(studio.context, request, kHeld));
  if (!response.ok()) return std::unexpected(net::status_error(name_of(studio), request, response));
  return response;
}

Result<Json> json_reply(const Studio& studio, const net::HttpRequest& request) {
  LLMI_TRY(const net::HttpResponse response, answered(studio, request));
  Json json = Json::parse(response.body, nullptr, false);
  if (!json.is_object()) return unreadable(studio, "it is no JSON object");
  return json;
}

std::string form_body(const std::vector<FormPart>& parts) {
  std::string body;
  for (const FormPart& part : parts) {
    body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"", kBoundary, part.name);
    if (!part.file_name.empty())
      body += fmt::format("; filename=\"{}\"\r\nContent-Type: {}", part.file_name, part.media_type);
    body += "\r\n\r\n" + part.value + "\r\n";
  }
  return body + fmt::format("--{}--\r\n", kBoundary);
}

/// A picture at a URL that a reply names. The key stays at its server.
Result<std::string> fetched(const Studio& studio, const std::string& reference) {
  LLMI_TRY(const net::Url base, net::parse_url(studio.server.url));
  LLMI_TRY(const net::Url url, net::resolve_url(base, reference));
  net::HttpRequest get = request(studio, "GET", url.text);
  get.max_bytes = kLargestPicture;
  get.max_redirects = kMostRedirects;
  if (url.site != base.site) get.secret_headers.clear();
  LLMI_TRY(net::HttpResponse response, answered(studio, get));
  return std::move(response.body);
}

}  // namespace

Result<Json> post_json(const Studio& studio, const std::string& url, const Json& body) {
  net::HttpRequest post = request(studio, "POST", url);
  post.headers = {{"Content-Type", "application/json"}};
  post.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return json_reply(studio, post);
}

Result<Json> post_form(const Studio& studio, const std::string& url, const std::vector<FormPart>& parts) {
  net::HttpRequest post = request(studio, "POST", url);
  post.headers = {{"Content-Type", fmt::format("multipart/form-data; boundary={}", kBoundary)}};
  post.body = form_body(parts);
  return json_reply(studio, post);
}

Result<Json> get_json(const Studio& studio, const std::string& url) {
  return json_reply(studio, request(studio, "GET", url));
}

Result<std::string> get_bytes(const Studio& studio, const std::string& url) { return fetched(studio, url); }

void notify(const Studio& studio, const std::string& url, const Json& body) {
  net::HttpRequest post = request(studio, "POST", url);
  post.headers = {{"Content-Type", "application/json"}};
  post.body = body.dump();
  net::CallOptions once = kHeld;
  once.retry.attempts = 1;
  [[maybe_unused]] const auto reply = studio.network.call({.deadline = Deadline::after(kNoticeTime)}, post, once);
}

Result<std::string> picture_bytes(const Studio& studio, const std::string& text) {
  constexpr std::string_view kBase64 = ";base64,";
  std::string_view encoded = text;
  if (text.starts_with("data:")) {
    const std::size_t comma = text.substr(0, 100).find(kBase64);
    if (comma == std::string::npos) return unreadable(studio, "its data URI is not base64");
    encoded.remove_prefix(comma + kBase64.size());
  } else if (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("/v1/")) {
    return fetched(studio, text);
  }
  auto bytes = base64_decoded(encoded);
  if (!bytes || bytes->empty()) return unreadable(studio, "its picture is not base64");
  return *std::move(bytes);
}

Result<std::string> openai_picture(const Studio& studio, const Json& reply) {
  const auto data = reply.find("data");
  if (data == reply.end() || !data->is_array() || data->empty() || !(*data)[0].is_object())
    return unreadable(studio, "it holds no picture");
  const Json& first = (*data)[0];
  for (const char* key : {"b64_json", "url"}) {
    const auto found = first.find(key);
    if (found != first.end() && found->is_string() && !found->get<std::string>().empty())
      return picture_bytes(studio, found->get<std::string>());
  }
  return unreadable(studio, "it holds no picture");
}

std::string data_uri(const image::Picture& picture) {
  return fmt::format("data:{};base64,{}", image::media_type(picture.format), base64(picture.bytes));
}

std::unexpected<Error> unreadable(const Studio& studio, std::string_view what) {
  return fail(ErrorCode::kUnreadable, Origin::kTool,
              fmt::format("{} gave a reply that cannot be used: {}", name_of(studio), what));
}

}  // namespace llmi::tools::pictures
