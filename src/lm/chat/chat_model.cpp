#include "lm/chat/chat_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "lm/chat/chat_request.h"
#include "lm/chat/chat_stream.h"
#include "lm/chat/server_inquiry.h"
#include "net/network.h"
#include "net/server_error.h"

namespace llmi::lm::chat {
namespace {

constexpr std::size_t kMostRetriesWithout = 3;

/// What a refused request may be sent again without: settings of ours that the reply names.
std::optional<std::string> unknown_setting(const net::HttpResponse& response, const std::string& body) {
  if (response.status != 400 && response.status != 422) return std::nullopt;
  for (const std::string_view name : kOptionalSettings) {
    if (response.body.find(name) != std::string::npos && body.find(fmt::format("\"{}\":", name)) != std::string::npos)
      return std::string(name);
  }
  return std::nullopt;
}

/// The address before "/v1" or "/api": a server may be spoken to in both ways.
std::string without_suffix(std::string url) {
  for (const std::string_view suffix : {"/v1", "/api"}) {
    const std::string whole = net::endpoint(url, suffix, "");
    url = whole.substr(0, whole.size() - suffix.size());
  }
  return url;
}

/// HTTP itself says where the body ends.
bool is_framed(const net::HttpResponse& response) {
  return !response.header("content-length").empty() || !response.header("transfer-encoding").empty();
}

class ChatModel final : public LanguageModel {
 public:
  ChatModel(net::Network& network, ChatOptions options, ServerFacts facts)
      : network_(network), options_(std::move(options)), facts_(std::move(facts)) {}

  /// llama-server names a model by its file.
  [[nodiscard]] std::string id() const override {
    const std::filesystem::path file(facts_.model);
    return file.extension() == ".gguf" ? file.stem().string() : facts_.model;
  }

  [[nodiscard]] Capabilities capabilities() const override {
    const ServerProfile& known = profile(facts_.kind);
    return {.constrained = known.constraint == TagConstraint::kLazyGrammar,
            .lazy_constrained = known.constraint != TagConstraint::kNone,
            .sees = options_.sees.value_or(facts_.sees || options_.assume_sees),
            .prefix = known.continues_prefix};
  }

  [[nodiscard]] Result<GenerateResult> generate(const RunContext& context, const GenerateRequest& request,
                                                const TextSink& sink) override {
    std::vector<std::string> without;
    for (;;) {
      const std::string body = request_body(facts_.kind, facts_.model, request, context.seed, without);
      ChatStream stream(sink);
      auto response = call(context, body, stream);
      if (!response) return broken(context, stream, response.error());
      if (response->ok()) return stream.finish(is_framed(*response));
      const auto setting = unknown_setting(*response, body);
      if (!setting || without.size() == kMostRetriesWithout)
        return std::unexpected(net::status_error(server(), http_request(body), *response));
      without.push_back(*setting);
    }
  }

 private:
  [[nodiscard]] std::string server() const { return fmt::format("the model server {}", options_.url); }

  [[nodiscard]] net::HttpRequest http_request(const std::string& body) const {
    const ServerProfile& known = profile(facts_.kind);
    return {.method = "POST",
            .url = net::endpoint(options_.url, known.suffix, known.chat),
            .headers = {{"Content-Type", "application/json"},
                        {"Accept", "text/event-stream, application/x-ndjson, application/json"}},
            .secret_headers = key_headers(options_),
            .body = body,
            .idle_timeout = options_.silence};
  }

  Result<net::HttpResponse> call(const RunContext& context, const std::string& body, ChatStream& stream) {
    return network_.call(context, http_request(body),
                         {.max_concurrent = options_.max_concurrent, .retry = {.attempts = options_.attempts}},
                         [&](std::string_view bytes) { return stream.feed(bytes); });
  }

  /// The transfer failed: by our own deadline or stop, or because the connection did.
  static Result<GenerateResult> broken(const RunContext& context, ChatStream& stream, const Error& error) {
    if (stream.ended()) return stream.finish(true);
    const bool deadline = error.code == ErrorCode::kTimeout && context.deadline.passed();
    if (!deadline && error.code != ErrorCode::kCancelled) return std::unexpected(error);
    auto result = stream.finish(true);
    GenerateResult ended = result ? *result : GenerateResult{};
    ended.finish = deadline ? FinishReason::kDeadline : FinishReason::kStopped;
    return ended;
  }

  net::Network& network_;
  const ChatOptions options_;
  const ServerFacts facts_;
};

}  // namespace

Result<std::unique_ptr<LanguageModel>> open_chat_model(const RunContext& context, net::Network& network,
                                                       const ChatOptions& options) {
  ChatOptions bare = options;
  bare.url = without_suffix(options.url);
  LLMI_TRY(ServerFacts facts, inquire(context, network, bare));
  return std::make_unique<ChatModel>(network, std::move(bare), std::move(facts));
}

}  // namespace llmi::lm::chat
