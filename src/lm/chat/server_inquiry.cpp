#include "lm/chat/server_inquiry.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/pause.h"
#include "net/server_error.h"

namespace llmi::lm::chat {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds kLoadingPatience{300};
constexpr std::chrono::seconds kLoadingPause{1};
constexpr std::chrono::seconds kInquiryTime{20};
constexpr std::chrono::milliseconds kPatience{1500};  // A second call is made then; asking costs nothing.

std::string server_text(const ChatOptions& options) { return fmt::format("the model server {}", options.url); }

Result<net::HttpResponse> get(const RunContext& context, net::Network& network, const ChatOptions& options,
                              const std::string& url) {
  const net::HttpRequest request{
      .url = url, .secret_headers = key_headers(options), .max_bytes = std::size_t{16} << 20};
  return network.call(
      context.capped(kInquiryTime), request,
      {.max_concurrent = options.max_concurrent, .retry = {.attempts = options.attempts}, .patience = kPatience});
}

bool is_loading(const net::HttpResponse& response) {
  return response.status == 503 && response.body.find("oading") != std::string::npos;
}

/// GET, again each second while the server says that it loads a model.
Result<net::HttpResponse> get_when_loaded(const RunContext& context, net::Network& network, const ChatOptions& options,
                                          const std::string& url) {
  const Deadline patience = context.deadline.capped(kLoadingPatience);
  for (;;) {
    LLMI_TRY(net::HttpResponse response, get(context, network, options, url));
    if (!is_loading(response) || patience.passed()) return response;
    LLMI_CHECK_OK(pause(context, kLoadingPause));
  }
}

struct Listed {
  std::vector<std::string> ids;
  Json first = Json::object();
};

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string name_of(const Json& model) {
  const std::string id = text_at(model, "id");
  return id.empty() ? text_at(model, "name") : id;
}

/// `data` in OpenAI's shape; Ollama's own list has `models` with `name`.
Listed listed(const Json& reply, const std::string& wanted) {
  Listed list;
  if (!reply.is_object()) return list;
  for (const char* key : {"data", "models"}) {
    if (!reply.contains(key) || !reply[key].is_array()) continue;
    for (const Json& model : reply[key]) {
      if (!model.is_object()) continue;
      const std::string id = name_of(model);
      if (id.empty() || std::ranges::count(list.ids, id) > 0) continue;
      if (list.ids.empty() || id == wanted) list.first = model;
      list.ids.push_back(id);
    }
  }
  // llama-server says what its one model can do only in the list in Ollama's shape.
  if (reply.contains("models") && reply["models"].is_array() && !reply["models"].empty() &&
      reply["models"][0].is_object() && reply["models"][0].contains("capabilities"))
    list.first["capabilities"] = reply["models"][0]["capabilities"];
  return list;
}

bool names_vision(const Json& model) {
  const auto has = [](const Json& list, const char* word) {
    return list.is_array() && std::ranges::any_of(list, [&](const Json& item) { return item == word; });
  };
  if (model.contains("capabilities") &&
      (has(model["capabilities"], "multimodal") || has(model["capabilities"], "vision")))
    return true;
  return model.contains("architecture") && model["architecture"].is_object() &&
         model["architecture"].contains("input_modalities") && has(model["architecture"]["input_modalities"], "image");
}

bool is_ollama(const RunContext& context, net::Network& network, const ChatOptions& options) {
  const auto version = get(context, network, options, net::endpoint(options.url, "/api", "/version"));
  return version && version->ok() && version->body.find("\"version\"") != std::string::npos;
}

/// Ollama says what a model can do in a call of its own.
bool ollama_sees(const RunContext& context, net::Network& network, const ChatOptions& options,
                 const std::string& model) {
  net::HttpRequest request{.method = "POST",
                           .url = net::endpoint(options.url, "/api", "/show"),
                           .headers = {{"Content-Type", "application/json"}},
                           .secret_headers = key_headers(options),
                           .body = Json{{"model", model}}.dump()};
  const auto reply = network.call(context.capped(kInquiryTime), request, {.max_concurrent = options.max_concurrent});
  if (!reply || !reply->ok()) return false;
  const Json json = Json::parse(reply->body, nullptr, false);
  return json.is_object() && names_vision(json);
}

}  // namespace

std::vector<net::Header> key_headers(const ChatOptions& options) {
  if (options.api_key.empty()) return {};
  return {{"Authorization", "Bearer " + options.api_key}};
}

Result<ServerFacts> inquire(const RunContext& context, net::Network& network, const ChatOptions& options) {
  // Ollama has this list too.
  const std::string url = net::endpoint(options.url, "/v1", "/models");
  LLMI_TRY(const net::HttpResponse response, get_when_loaded(context, network, options, url));
  const bool absent = response.status == 404 || response.status == 405 || response.status == 501;
  const net::HttpRequest request{.url = url, .secret_headers = key_headers(options)};
  if (!response.ok() && !absent) return std::unexpected(net::status_error(server_text(options), request, response));
  const Listed models = listed(Json::parse(response.body, nullptr, false), options.model);
  if (options.model.empty() && models.ids.empty())
    return invalid_argument(
        fmt::format("{} lists no models: name one after #, as in {}#MODEL", server_text(options), options.url));
  ServerFacts facts{.model = options.model.empty() ? models.ids.front() : options.model};
  const auto owner = kind_of_owner(text_at(models.first, "owned_by"));
  facts.kind = options.kind.value_or(owner.value_or(ServerKind::kOpenAi));
  if (!options.kind && (!owner || owner == ServerKind::kOllama))
    facts.kind = is_ollama(context, network, options) ? ServerKind::kOllama : ServerKind::kOpenAi;
  facts.sees = facts.kind == ServerKind::kOllama ? ollama_sees(context, network, options, facts.model)
                                                 : names_vision(models.first);
  return facts;
}

}  // namespace llmi::lm::chat
