#include "lm/chat/chat_request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/base64.h"

namespace llmi::lm::chat {
namespace {

using Json = nlohmann::ordered_json;

Json picture_part(const image::Picture& picture) {
  const std::string url = fmt::format("data:{};base64,{}", image::media_type(picture.format), base64(picture.bytes));
  return {{"type", "image_url"}, {"image_url", {{"url", url}}}};
}

Json openai_message(const Message& message) {
  if (message.pictures.empty()) return {{"role", message.role}, {"content", message.text}};
  Json parts = Json::array();
  const std::vector<std::string> texts = text_around_pictures(message);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) parts.push_back({{"type", "text"}, {"text", texts[i]}});
    if (i < message.pictures.size()) parts.push_back(picture_part(*message.pictures[i]));
  }
  return {{"role", message.role}, {"content", parts}};
}

Json ollama_message(const Message& message) {
  Json json{{"role", message.role}, {"content", fmt::format("{}", fmt::join(text_around_pictures(message), ""))}};
  for (const auto& picture : message.pictures) json["images"].push_back(base64(picture->bytes));
  return json;
}

/// The whole output is held to a JSON schema.
bool is_whole_schema(const Constraint& constraint) { return constraint.trigger.empty() && !constraint.schema.empty(); }

void add_whole_schema(Json& body, ServerKind kind, const Constraint& constraint) {
  if (kind == ServerKind::kLlamaServer && !constraint.gbnf.empty()) {
    body["grammar"] = constraint.gbnf;
    return;
  }
  body["response_format"] = {
      {"type", "json_schema"},
      {"json_schema", {{"name", "reply"}, {"strict", true}, {"schema", Json::parse(constraint.schema)}}}};
}

/// The grammar in the form that the server takes; nothing where it takes none.
void add_constraint(Json& body, ServerKind kind, const Constraint& constraint) {
  if (is_whole_schema(constraint)) return add_whole_schema(body, kind, constraint);
  if (constraint.gbnf.empty()) return;
  switch (profile(kind).constraint) {
    case TagConstraint::kNone:
      return;
    case TagConstraint::kLazyGrammar:
      body["grammar"] = constraint.gbnf;
      if (constraint.trigger.empty()) return;
      // The chat route of some versions drops the two members below and holds the answer to the grammar from its first
      // token on: one that takes text as well is right in both cases.
      if (!constraint.whole_gbnf.empty()) body["grammar"] = constraint.whole_gbnf;
      body["grammar_lazy"] = true;
      // Type 1 is a word (llama.cpp, common_grammar_trigger_type).
      body["grammar_triggers"] = Json::array({{{"type", 1}, {"value", constraint.trigger}}});
      return;
    case TagConstraint::kStructuralTag:
      if (constraint.trigger.empty() || constraint.schema.empty()) return;
      const Json tag{{"begin", constraint.trigger},
                     {"content", {{"type", "json_schema"}, {"json_schema", Json::parse(constraint.schema)}}},
                     {"end", constraint.end}};
      body["response_format"] = {
          {"type", "structural_tag"},
          {"format", {{"type", "triggered_tags"}, {"triggers", {constraint.trigger}}, {"tags", Json::array({tag})}}}};
      return;
  }
}

Json openai_body(ServerKind kind, const GenerateRequest& request, std::uint64_t seed) {
  const Sampling& sampling = request.sampling;
  Json body{{"messages", Json::array()},
            {"stream", true},
            {"stream_options", {{"include_usage", true}}},
            {"max_tokens", request.max_tokens},
            {"temperature", sampling.temperature},
            {"top_p", sampling.top_p},
            {"seed", seed}};
  if (kind != ServerKind::kOpenAi) {
    body["top_k"] = sampling.top_k;
    body["min_p"] = sampling.min_p;
    if (sampling.repeat_penalty != 1.0)
      body[kind == ServerKind::kLlamaServer ? "repeat_penalty" : "repetition_penalty"] = sampling.repeat_penalty;
  }
  if (!request.stop.empty()) body["stop"] = request.stop;
  for (const Message& message : request.messages) body["messages"].push_back(openai_message(message));
  if (!request.assistant_prefix.empty() && profile(kind).continues_prefix) {
    body["messages"].push_back({{"role", "assistant"}, {"content", request.assistant_prefix}});
    if (kind != ServerKind::kLlamaServer) {
      body["continue_final_message"] = true;
      if (kind == ServerKind::kVllm) body["add_generation_prompt"] = false;
    }
  }
  add_constraint(body, kind, request.constraint);
  return body;
}

Json ollama_body(const GenerateRequest& request, std::uint64_t seed) {
  const Sampling& sampling = request.sampling;
  Json options{{"num_predict", request.max_tokens}, {"temperature", sampling.temperature},
               {"top_p", sampling.top_p},           {"top_k", sampling.top_k},
               {"min_p", sampling.min_p},           {"repeat_penalty", sampling.repeat_penalty},
               {"seed", seed & 0x7FFFFFFFU}};
  if (!request.stop.empty()) options["stop"] = request.stop;
  Json body{{"messages", Json::array()}, {"stream", true}, {"options", options}};
  for (const Message& message : request.messages) body["messages"].push_back(ollama_message(message));
  if (is_whole_schema(request.constraint)) body["format"] = Json::parse(request.constraint.schema);
  return body;
}

}  // namespace

std::string request_body(ServerKind kind, std::string_view model, const GenerateRequest& request, std::uint64_t seed,
                         std::span<const std::string> without) {
  Json body = kind == ServerKind::kOllama ? ollama_body(request, seed) : openai_body(kind, request, seed);
  if (!model.empty()) body["model"] = model;
  for (const std::string& name : without) {
    if (name == "max_tokens" && body.contains(name)) body["max_completion_tokens"] = body[name];
    body.erase(name);
  }
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace llmi::lm::chat
