#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reward/rules.h"
#include "reward/sample_fields.h"
#include "reward/score_json.h"
#include "server/route.h"

namespace llmi::server {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;
using reward::bad_field;
using reward::member;

/// A label is an object, or a text that holds one.
Result<Json> label_fields(const Json& label, const std::string& where) {
  if (label.is_object()) return label;
  Json parsed = label.is_string() ? Json::parse(label.get<std::string>(), nullptr, false) : Json();
  if (!parsed.is_object())
    return bad_field(where, "must be an object with the sample's fields, or a text that holds one");
  return parsed;
}

/// The text without the special tokens that stand at its end.
std::string without_end_tokens(std::string text) {
  static constexpr std::string_view kEnds[] = {"</s>", "<end_of_turn>", "<eos>", "<pad>"};
  for (bool again = true; again;) {
    again = false;
    while (!text.empty() && text.back() == '\n' && text.size() > 1 && text[text.size() - 2] == '>') text.pop_back();
    for (const std::string_view end : kEnds) {
      if (!text.ends_with(end)) continue;
      text.resize(text.size() - end.size());
      again = true;
    }
    const std::size_t open = text.ends_with("|>") ? text.rfind("<|") : std::string::npos;
    if (open == std::string::npos || text.find_first_of(" \n", open) != std::string::npos) continue;
    text.resize(open);
    again = true;
  }
  return text;
}

/// The fields of a sample from a label and an answer; the prompt is the label's own, or `prompt`.
Json with_answer(Json fields, std::string answer, const Json& prompt) {
  fields["answer"] = std::move(answer);
  if (member(fields, "prompt").is_null() && member(fields, "question").is_string())
    fields["prompt"] = fields["question"];
  if (member(fields, "prompt").is_null()) fields["prompt"] = prompt;
  return fields;
}

/// The first score that is none.
const reward::Score* missing(const std::vector<reward::Score>& scores) {
  const auto found = std::ranges::find_if(scores, [](const reward::Score& score) { return !score.score; });
  return found == scores.end() ? nullptr : &*found;
}

/// One sample, scored without a deadline: these protocols state none, and their clients give up by themselves.
void score_one(const RouteContext& context, Result<reward::Sample> sample, const Respond& respond,
               const std::function<HttpReply(const reward::Score&)>& reply) {
  if (!sample) return respond(error_reply(sample.error()));
  std::vector<reward::Sample> samples;
  samples.push_back(*std::move(sample));
  const bool taken = context.desk.score(std::move(samples), context.variant, Deadline::never(),
                                        [respond, reply](const std::vector<reward::Score>& scores) {
                                          respond(scores[0].score ? reply(scores[0]) : no_score_reply(scores[0]));
                                        });
  if (!taken) respond(full_reply());
}

Result<std::vector<reward::Sample>> openrlhf_samples(const RouteContext& context, const Json& body) {
  const Json& queries = member(body, "query");
  const Json& prompts = member(body, "prompts");
  const Json& labels = member(body, "labels");
  if (!queries.is_array()) return bad_field("query", "must be a list of texts");
  std::vector<reward::Sample> samples;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (!queries[i].is_string()) return bad_field(fmt::format("query[{}]", i), "must be a text");
    auto answer = queries[i].get<std::string>();
    const Json prompt = prompts.is_array() && i < prompts.size() ? prompts[i] : Json();
    if (prompt.is_string() && answer.starts_with(prompt.get_ref<const std::string&>()))
      answer.erase(0, prompt.get_ref<const std::string&>().size());
    const std::string where = fmt::format("labels[{}]", i);
    LLMI_TRY(const Json fields, label_fields(labels.is_array() && i < labels.size() ? labels[i] : Json(), where));
    LLMI_TRY(reward::Sample sample,
             read_sample(context, with_answer(fields, without_end_tokens(std::move(answer)), prompt), where));
    samples.push_back(std::move(sample));
  }
  return samples;
}

HttpReply openrlhf_reply(const std::vector<reward::Score>& scores) {
  Ordered rewards = Ordered::array();
  Ordered logs{
      {"count", Ordered::array()}, {"llm", Ordered::array()}, {"mllm", Ordered::array()}, {"r_tool", Ordered::array()}};
  for (const reward::Score& score : scores) {
    rewards.push_back(*score.score);
    for (const auto& [name, value] : score.components) {
      if (logs.contains(name)) logs[name].push_back(value.value_or(0));
    }
    logs["r_tool"].push_back(reward::tool_rule(score.facts.required, score.facts.used));
  }
  return {.body = Ordered{{"rewards", rewards}, {"scores", rewards}, {"extra_logs", logs}}.dump()};
}

/// The text of a message's content in the shapes of chat and of OpenAI's Responses API.
std::string content_text(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (!content.is_array()) return text;
  for (const Json& part : content) {
    const Json& words = member(part, "text");
    if (words.is_string()) text += words.get<std::string>();
  }
  return text;
}

/// What the model wrote, from a response of OpenAI's Responses API, or a text.
Result<std::string> response_text(const Json& response) {
  if (response.is_string()) return response.get<std::string>();
  if (member(response, "output_text").is_string()) return response["output_text"].get<std::string>();
  const Json& output = member(response, "output");
  if (!output.is_array()) return bad_field("response", "must be a response with a list `output`, or a text");
  std::string text;
  for (const Json& item : output) {
    const Json& type = member(item, "type");
    if (type == "message" || type.is_null()) text += content_text(member(item, "content"));
  }
  return text;
}

/// The user's messages of responses_create_params.
std::string input_text(const Json& parameters) {
  const Json& input = member(parameters, "input");
  if (!input.is_array()) return content_text(input);
  std::string text;
  for (const Json& message : input) {
    if (member(message, "role") == "user")
      text += (text.empty() ? "" : "\n") + content_text(member(message, "content"));
  }
  return text;
}

Result<reward::Sample> verify_sample(const RouteContext& context, const Json& body) {
  LLMI_TRY(std::string answer, response_text(member(body, "response")));
  const Json& metadata = member(body, "verifier_metadata");
  if (!metadata.is_object()) return bad_field("verifier_metadata", "must be an object with the sample's fields");
  return read_sample(context,
                     with_answer(metadata, std::move(answer), input_text(member(body, "responses_create_params"))),
                     "verifier_metadata");
}

Result<reward::Sample> slime_sample(const RouteContext& context, const Json& body) {
  const Json& response = member(body, "response");
  if (!response.is_string()) return bad_field("response", "must be a text");
  LLMI_TRY(const Json fields, label_fields(member(body, "label"), "label"));
  return read_sample(
      context, with_answer(fields, without_end_tokens(response.get<std::string>()), member(body, "prompt")), "label");
}

}  // namespace

void openrlhf_route(const RouteContext& context, const Json& body, const Respond& respond) {
  auto samples = openrlhf_samples(context, body);
  if (!samples) return respond(error_reply(samples.error()));
  const bool taken = context.desk.score(*std::move(samples), context.variant, Deadline::never(),
                                        [respond](const std::vector<reward::Score>& scores) {
                                          const reward::Score* none = missing(scores);
                                          respond(none == nullptr ? openrlhf_reply(scores) : no_score_reply(*none));
                                        });
  if (!taken) respond(full_reply());
}

void slime_route(const RouteContext& context, const Json& body, const Respond& respond) {
  score_one(context, slime_sample(context, body), respond,
            [](const reward::Score& score) { return HttpReply{.body = Json(*score.score).dump()}; });
}

void seed_session_route(const RouteContext& /*context*/, const Json& /*body*/, const Respond& respond) {
  respond({.body = "{}"});
}

void verify_route(const RouteContext& context, const Json& body, const Respond& respond) {
  score_one(context, verify_sample(context, body), respond, [body](const reward::Score& score) {
    Json reply = body;
    reply["reward"] = *score.score;
    Json& components = reply["reward_components"] = Json::object();
    for (const auto& [name, value] : score.components) components[name] = value ? Json(*value) : Json();
    return HttpReply{.body = reply.dump(-1, ' ', false, Json::error_handler_t::replace)};
  });
}

}  // namespace llmi::server
