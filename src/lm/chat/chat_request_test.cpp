#include "lm/chat/chat_request.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace llmi::lm::chat {
namespace {

using Json = nlohmann::json;

GenerateRequest request() {
  return {.messages = {{"system", "s", {}}, {"user", "u", {}}},
          .constraint = {.gbnf = "root ::= \"x\"",
                         .trigger = "<imgen>",
                         .whole_gbnf = "root ::= \"y\"",
                         .schema = R"({"type":"object"})",
                         .end = "</imgen>"},
          .max_tokens = 11};
}

Json body(ServerKind kind, const GenerateRequest& request, const std::vector<std::string>& without = {}) {
  return Json::parse(request_body(kind, "m", request, 5, without));
}

TEST(ChatRequest, OpenAiShape) {
  const Json json = body(ServerKind::kOpenAi, request());
  EXPECT_EQ(json["model"], "m");
  EXPECT_EQ(json["messages"][1], (Json{{"role", "user"}, {"content", "u"}}));
  EXPECT_EQ(json["stream"], true);
  EXPECT_EQ(json["stream_options"]["include_usage"], true);
  EXPECT_EQ(json["max_tokens"], 11);
  EXPECT_EQ(json["seed"], 5);
  for (const char* key : {"top_k", "min_p", "grammar", "response_format", "stop"})
    EXPECT_FALSE(json.contains(key)) << key;
}

TEST(ChatRequest, TagsAreConstrainedWhereTheServerCan) {
  const Json lazy = body(ServerKind::kLlamaServer, request());
  EXPECT_EQ(lazy["grammar_lazy"], true);
  EXPECT_EQ(lazy["grammar_triggers"], Json::parse(R"([{"type":1,"value":"<imgen>"}])"));
  EXPECT_EQ(lazy["grammar"], "root ::= \"y\"");
  for (const ServerKind kind : {ServerKind::kVllm, ServerKind::kSglang}) {
    const Json format = body(kind, request())["response_format"];
    EXPECT_EQ(format["type"], "structural_tag");
    EXPECT_EQ(format["format"]["type"], "triggered_tags");
    EXPECT_EQ(format["format"]["triggers"], Json::parse(R"(["<imgen>"])"));
    EXPECT_EQ(format["format"]["tags"][0]["begin"], "<imgen>");
    EXPECT_EQ(format["format"]["tags"][0]["end"], "</imgen>");
    EXPECT_EQ(format["format"]["tags"][0]["content"],
              Json::parse(R"({"type":"json_schema","json_schema":{"type":"object"}})"));
  }
}

TEST(ChatRequest, OllamaShape) {
  GenerateRequest with_picture = request();
  with_picture.messages[1].pictures.push_back(std::make_shared<image::Picture>(image::Picture{.bytes = "abc"}));
  const Json json = body(ServerKind::kOllama, with_picture);
  EXPECT_EQ(json["messages"][1]["images"], Json::parse(R"(["YWJj"])"));
  EXPECT_EQ(json["options"]["num_predict"], 11);
  EXPECT_FALSE(json.contains("max_tokens"));
}

TEST(ChatRequest, PicturesArePartsBeforeTheText) {
  GenerateRequest with_picture = request();
  with_picture.messages[1].pictures.push_back(
      std::make_shared<image::Picture>(image::Picture{.bytes = "abc", .format = image::Format::kJpeg}));
  const Json content = body(ServerKind::kOpenAi, with_picture)["messages"][1]["content"];
  EXPECT_EQ(content[0]["image_url"]["url"], "data:image/jpeg;base64,YWJj");
  EXPECT_EQ(content[1], (Json{{"type", "text"}, {"text", "u"}}));
}

TEST(ChatRequest, PicturesStandWhereTheTextHasAPlaceForThem) {
  GenerateRequest with_pictures = request();
  lm::Message& message = with_pictures.messages[1];
  for (const char* bytes : {"abc", "abd", "abe"})
    message.pictures.push_back(std::make_shared<image::Picture>(image::Picture{.bytes = bytes}));
  const std::string place(kPicturePlace);
  message.text = "before " + place + " between " + place;
  const auto kinds = [&] {
    std::string kinds;
    const Json json = body(ServerKind::kOpenAi, with_pictures);
    for (const Json& part : json["messages"][1]["content"])
      kinds += part["type"] == "text" ? part["text"].get<std::string>()
                                      : "[" + part["image_url"]["url"].get<std::string>().substr(22) + "]";
    return kinds;
  };
  EXPECT_EQ(kinds(), "[YWJj]before [YWJk] between [YWJl]");
  message.pictures.resize(1);
  EXPECT_EQ(kinds(), "before [YWJj] between ");
  message.pictures.clear();
  EXPECT_EQ(body(ServerKind::kOpenAi, with_pictures)["messages"][1]["content"], message.text);
}

TEST(ChatRequest, AWholeReplyInAJsonSchema) {
  GenerateRequest whole = request();
  whole.constraint = {.gbnf = "root ::= \"x\"", .schema = R"({"type":"object"})"};
  for (const ServerKind kind : {ServerKind::kOpenAi, ServerKind::kVllm, ServerKind::kSglang}) {
    const Json format = body(kind, whole)["response_format"];
    EXPECT_EQ(format["type"], "json_schema");
    EXPECT_EQ(format["json_schema"]["schema"], Json::parse(R"({"type":"object"})"));
  }
  EXPECT_EQ(body(ServerKind::kLlamaServer, whole)["grammar"], "root ::= \"x\"");
  EXPECT_FALSE(body(ServerKind::kLlamaServer, whole).contains("grammar_lazy"));
  EXPECT_EQ(body(ServerKind::kOllama, whole)["format"], Json::parse(R"({"type":"object"})"));
}

TEST(ChatRequest, PrefixesAreContinued) {
  GenerateRequest with_prefix = request();
  with_prefix.assistant_prefix = "# T";
  EXPECT_EQ(body(ServerKind::kLlamaServer, with_prefix)["messages"][2]["content"], "# T");
  EXPECT_EQ(body(ServerKind::kVllm, with_prefix)["continue_final_message"], true);
  EXPECT_EQ(body(ServerKind::kVllm, with_prefix)["add_generation_prompt"], false);
  EXPECT_EQ(body(ServerKind::kOpenAi, with_prefix)["messages"].size(), 2U);
}

TEST(ChatRequest, SettingsCanBeLeftOut) {
  const Json json = body(ServerKind::kOpenAi, request(), {"seed", "max_tokens"});
  EXPECT_FALSE(json.contains("seed"));
  EXPECT_FALSE(json.contains("max_tokens"));
  EXPECT_EQ(json["max_completion_tokens"], 11);
}

TEST(ChatRequest, TextThatIsNotUtf8IsStillJson) {
  GenerateRequest odd = request();
  odd.messages[1].text = "a\xFF";
  EXPECT_EQ(body(ServerKind::kOpenAi, odd)["messages"][1]["content"], "a\xEF\xBF\xBD");
}

}  // namespace
}  // namespace llmi::lm::chat
