#include "lm/chat/chat_model.h"

#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "net/network.h"
#include "net/testing/loopback_server.h"

namespace llmi::lm::chat {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using net::testing::Answer;
using net::testing::LoopbackServer;
using net::testing::Received;
using net::testing::reply;
using net::testing::stream;

net::HttpClient::Options allowing(const LoopbackServer& server) {
  return {.guard = net::AddressGuard({*net::parse_allowed_host(server.url())})};
}

Answer events(const std::vector<std::string>& texts, std::chrono::milliseconds wait = {}) {
  std::vector<std::string> pieces;
  for (const std::string& text : texts)
    pieces.push_back("data: " + Json{{"choices", {{{"delta", {{"content", text}}}}}}}.dump() + "\n\n");
  pieces.emplace_back("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
  return stream("text/event-stream", pieces, wait);
}

Answer models(const char* owner) {
  return reply(
      200, Json{{"data", {{{"id", "first"}, {"owned_by", owner}}, {{"id", "second"}, {"owned_by", owner}}}}}.dump());
}

/// A server with a list of models that answers chats with "Hi there".
Answer plain(const Received& request, const char* owner = "me") {
  if (request.target == "/v1/models") return models(owner);
  return request.target == "/v1/chat/completions" ? events({"Hi ", "there"}) : reply(404, "{}");
}

Result<std::string> ask(LanguageModel& model, const RunContext& context = {}) {
  std::string text;
  const auto result = model.generate(context, {.messages = {{"user", "u", {}}}}, [&](std::string_view piece) {
    text += piece;
    return Flow::kContinue;
  });
  if (!result) return std::unexpected(result.error());
  return text;
}

TEST(ChatModel, TakesTheFirstModelAndStreams) {
  const LoopbackServer server([](const Received& request) { return plain(request); });
  net::Network network(allowing(server));
  for (const char* suffix : {"", "/", "/v1", "/v1/"}) {
    const auto model = open_chat_model({}, network, {.url = server.url(suffix), .api_key = "k1"});
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ((*model)->id(), "first");
    EXPECT_EQ(*ask(**model), "Hi there");
    const Received seen = server.received().back();
    EXPECT_EQ(seen.target, "/v1/chat/completions");
    EXPECT_EQ(seen.header("authorization"), "Bearer k1");
    EXPECT_EQ(Json::parse(seen.body)["model"], "first");
  }
}

TEST(ChatModel, KindsAreToldApart) {
  struct Case {
    const char* owner;
    bool constrained;
    bool lazy;
  };
  for (const Case& c : {Case{"llamacpp", true, true}, Case{"vllm", false, true}, Case{"sglang", false, true},
                        Case{"someone", false, false}}) {
    const LoopbackServer server([&](const Received& request) { return plain(request, c.owner); });
    net::Network network(allowing(server));
    const auto model = open_chat_model({}, network, {.url = server.url(), .model = "second"});
    ASSERT_TRUE(model);
    EXPECT_EQ((*model)->id(), "second");
    EXPECT_EQ((*model)->capabilities().constrained, c.constrained) << c.owner;
    EXPECT_EQ((*model)->capabilities().lazy_constrained, c.lazy) << c.owner;
  }
}

TEST(ChatModel, OllamaIsSpokenToInItsOwnWay) {
  const LoopbackServer server([](const Received& request) {
    if (request.target == "/v1/models") return models("library");
    if (request.target == "/api/version") return reply(200, R"({"version":"0.12.0"})");
    if (request.target == "/api/show") return reply(200, R"({"capabilities":["completion","vision"]})");
    return stream("application/x-ndjson",
                  {"{\"message\":{\"content\":\"Hi\"},\"done\":false}\n",
                   "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n"});
  });
  net::Network network(allowing(server));
  const auto model = open_chat_model({}, network, {.url = server.url("/v1")});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_TRUE((*model)->capabilities().sees);
  EXPECT_EQ(*ask(**model), "Hi");
  EXPECT_EQ(server.received().back().target, "/api/chat");
}

TEST(ChatModel, SeesWhatLlamaServerSays) {
  const LoopbackServer server([](const Received& request) {
    if (request.target == "/v1/models")
      return reply(200, R"({"models":[{"name":"m","capabilities":["completion","multimodal"]}],
                            "data":[{"id":"m","owned_by":"llamacpp"}]})");
    return plain(request);
  });
  net::Network network(allowing(server));
  const auto model = open_chat_model({}, network, {.url = server.url()});
  EXPECT_TRUE((*model)->capabilities().sees);
  EXPECT_TRUE((*model)->capabilities().lazy_constrained) << "its second list hides no owner";
  EXPECT_FALSE((*open_chat_model({}, network, {.url = server.url(), .sees = false}))->capabilities().sees);
}

TEST(ChatModel, WaitsWhileTheServerLoadsItsModel) {
  std::atomic<int> asked = 0;
  const LoopbackServer server([&](const Received& request) {
    if (++asked < 3) return reply(503, R"({"error":{"code":503,"message":"Loading model"}})", {{"Retry-After", "0"}});
    return plain(request);
  });
  net::Network network(allowing(server));
  EXPECT_TRUE(open_chat_model({}, network, {.url = server.url()}));
}

TEST(ChatModel, SettingsThatTheServerRefusesAreLeftOut) {
  const LoopbackServer server([](const Received& request) {
    if (request.method == "GET") return request.target == "/v1/models" ? models("me") : reply(404, "{}");
    const Json body = Json::parse(request.body);
    if (body.contains("max_tokens"))
      return reply(
          400, R"({"error":{"message":"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."}})");
    if (body.contains("temperature"))
      return reply(400, R"({"error":{"message":"'temperature' does not support 0.7"}})");
    return events({"ok"});
  });
  net::Network network(allowing(server));
  const auto model = open_chat_model({}, network, {.url = server.url()});
  EXPECT_EQ(*ask(**model), "ok");
}

TEST(ChatModel, RefusalsAndOutages) {
  const auto code = [](int status, std::string body) {
    const LoopbackServer server([&](const Received& request) {
      return request.target == "/v1/models" ? models("me") : reply(status, body, {{"Retry-After", "0"}});
    });
    net::Network network(allowing(server));
    const auto model = open_chat_model({}, network, {.url = server.url(), .api_key = "sk-canary"});
    const auto text = ask(**model);
    EXPECT_FALSE(text);
    EXPECT_EQ(text.error().message.find("sk-canary"), std::string::npos);
    return text.error().code;
  };
  EXPECT_EQ(code(401, R"({"error":{"message":"bad key sk-canary"}})"), ErrorCode::kRefused);
  EXPECT_EQ(code(500, "boom"), ErrorCode::kUnavailable);
  net::Network network({});
  EXPECT_FALSE(open_chat_model({}, network, {.url = "http://127.0.0.1:9"}));
}

TEST(ChatModel, ABrokenStreamIsAnErrorAfterItsText) {
  const LoopbackServer server([](const Received& request) {
    if (request.target == "/v1/models") return models("me");
    Answer cut = events({"one ", "two"});
    cut.steps.pop_back();
    return cut;
  });
  net::Network network(allowing(server));
  const auto model = open_chat_model({}, network, {.url = server.url()});
  std::string text;
  const auto result = (*model)->generate({}, {.messages = {{"user", "u", {}}}}, [&](std::string_view piece) {
    text += piece;
    return Flow::kContinue;
  });
  EXPECT_EQ(text, "one two");
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
}

TEST(ChatModel, DeadlineAndStopEndTheAnswerWithWhatIsThere) {
  const LoopbackServer server([](const Received& request) {
    return request.target == "/v1/models" ? models("me") : events({"begin ", "late"}, 300ms);
  });
  net::Network network(allowing(server));
  const auto model = open_chat_model({}, network, {.url = server.url()});
  const auto result = (*model)->generate({.deadline = Deadline::after(30ms)}, {.messages = {{"user", "u", {}}}},
                                         [](std::string_view) { return Flow::kContinue; });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->finish, FinishReason::kDeadline);
  std::stop_source stop;
  const auto stopped =
      (*model)->generate({.stop = stop.get_token()}, {.messages = {{"user", "u", {}}}}, [&](std::string_view) {
        stop.request_stop();
        return Flow::kContinue;
      });
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->finish, FinishReason::kStopped);
}

}  // namespace
}  // namespace llmi::lm::chat
