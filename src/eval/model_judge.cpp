#include "eval/model_judge.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "lm/language_model.h"
#include "reward/judge_call.h"
#include "reward/question.h"

namespace llmi::eval {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kThinks = "<think>";
constexpr std::string_view kThought = "</think>";
constexpr const char* kRepair =
    "That reply cannot be read. Answer again with the one JSON object that was asked for, every number whole and "
    "within "
    "its bounds, and nothing else.";

std::string_view without_thoughts(std::string_view reply) {
  if (const std::size_t end = reply.rfind(kThought); end != std::string_view::npos)
    return reply.substr(end + kThought.size());
  return reply.substr(0, reply.find(kThinks));
}

std::optional<int> whole_number(const Json& object, const Scale& scale) {
  const auto found = object.find(scale.name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const double value = found->get<double>();
  if (value != std::floor(value) || value < scale.lowest || value > scale.highest) return std::nullopt;
  return static_cast<int>(value);
}

std::optional<Verdict> verdict_in(std::string_view text, const std::vector<Scale>& scales) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  Verdict verdict;
  for (const Scale& scale : scales) {
    const auto value = whole_number(object, scale);
    if (!value) return std::nullopt;
    verdict.marks[scale.name] = *value;
  }
  if (const auto reason = object.find("reason"); reason != object.end() && reason->is_string())
    verdict.reason = reason->get<std::string>();
  return verdict;
}

/// The reason comes first, so that the marks follow from it.
lm::Constraint form_of(const std::vector<Scale>& scales) {
  std::string rule = R"(root ::= "{\"reason\": \"" [^"\\\n]{0,400} "\"")";
  Json properties{{"reason", {{"type", "string"}}}};
  Json required{"reason"};
  for (const Scale& scale : scales) {
    std::string choices;
    for (int value = scale.lowest; value <= scale.highest; ++value)
      choices += fmt::format("{}\"{}\"", choices.empty() ? "" : " | ", value);
    rule += fmt::format(R"( ", \"{}\": " ({}))", scale.name, choices);
    properties[scale.name] = {{"type", "integer"}, {"minimum", scale.lowest}, {"maximum", scale.highest}};
    required.push_back(scale.name);
  }
  const Json schema{
      {"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
  return {.gbnf = rule + " \"}\"\n", .schema = schema.dump()};
}

reward::Question put(const Question& question) {
  lm::Message system{.role = "system", .text = std::string(question.instructions)};
  lm::Message user{.role = "user", .text = question.content, .pictures = question.pictures};
  return {.messages = {std::move(system), std::move(user)},
          .constraint = form_of(question.scales),
          .prompt_id = std::string(question.prompt_id),
          .sees = !question.pictures.empty(),
          .readable = [scales =
                           question.scales](std::string_view reply) { return read_verdict(reply, scales).has_value(); },
          .repair = kRepair};
}

Result<Verdict> verdict_of(const reward::JudgeReply& reply, const std::vector<Scale>& scales) {
  if (reply.status == reward::JudgeStatus::kUnavailable)
    return std::unexpected(
        reply.error.value_or(Error{ErrorCode::kUnavailable, "the judge cannot be reached", Origin::kModel}));
  auto verdict = read_verdict(reply.reply, scales);
  if (verdict) {
    verdict->reply = reply.reply;
    verdict->model = reply.model;
    verdict->seed = reply.seed;
    return *std::move(verdict);
  }
  return fail(ErrorCode::kUnreadable, Origin::kModel,
              fmt::format("the judge's reply cannot be read: {}", reply.reply.substr(0, 200)));
}

}  // namespace

Judge ask_model(reward::Judge& judge) {
  return [&judge](const RunContext& context, const Question& question) -> Result<Verdict> {
    const reward::JudgeReply reply = reward::ask_judge(context, judge, put(question));
    if (context.cancelled()) return fail(ErrorCode::kCancelled, Origin::kCaller, "cancelled");
    return verdict_of(reply, question.scales);
  };
}

std::optional<Verdict> read_verdict(std::string_view reply, const std::vector<Scale>& scales) {
  const std::string_view text = without_thoughts(reply);
  for (std::size_t end = text.rfind('}'); end != std::string_view::npos;
       end = end == 0 ? std::string_view::npos : text.rfind('}', end - 1)) {
    for (std::size_t begin = text.rfind('{', end); begin != std::string_view::npos;
         begin = begin == 0 ? std::string_view::npos : text.rfind('{', begin - 1))
      if (auto verdict = verdict_in(text.substr(begin, end + 1 - begin), scales)) return verdict;
  }
  return std::nullopt;
}

}  // namespace llmi::eval
