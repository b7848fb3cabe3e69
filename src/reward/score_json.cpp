#include "reward/score_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "reward/rules.h"
#include "reward/sample_fields.h"

namespace llmi::reward {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr std::array kSources{tag::Source::kSearch, tag::Source::kDiffusion, tag::Source::kCode, tag::Source::kEdit};
constexpr std::array<std::string_view, 3> kReplyStatus{"ok", "unreadable", "unavailable"};
constexpr std::array kReplyStatuses{JudgeStatus::kOk, JudgeStatus::kUnreadable, JudgeStatus::kUnavailable};

template <class T>
Ordered or_null(const std::optional<T>& value) {
  return value ? Ordered(*value) : Ordered(nullptr);
}

Ordered components_json(const Score& score) {
  Ordered json = Ordered::object();
  for (const auto& [name, value] : score.components) json[name] = or_null(value);
  return json;
}

Ordered tools_json(const Facts& facts) {
  Ordered required = Ordered::array();
  for (const tag::Source source : facts.required) required.push_back(name(source));
  Ordered used = Ordered::object();
  for (const tag::Source source : kSources) {
    const ToolUse& use = facts.used[static_cast<std::size_t>(source)];
    if (use.total > 0) used[std::string(name(source))] = {{"total", use.total}, {"success", use.success}};
  }
  return {{"r_tool", tool_rule(facts.required, facts.used)}, {"required", required}, {"used", used}};
}

Ordered judge_json(const JudgeRecord& record) {
  if (record.part == JudgeRecord::Part::kOff) return Ordered::object();
  if (record.part == JudgeRecord::Part::kRule) return {{"status", "rule"}};
  const JudgeReply& reply = record.reply;
  Ordered json{{"model", reply.model.empty() ? Ordered(nullptr) : Ordered(reply.model)},
               {"seed", reply.seed},
               {"status", kReplyStatus[static_cast<std::size_t>(reply.status)]},
               {"reply", reply.reply},
               {"attempts", reply.attempts},
               {"cached", reply.cached},
               {"prompt_id", reply.prompt_id}};
  if (reply.error) json["error"] = reply.error->message;
  return json;
}

Ordered facts_json(const Facts& facts) {
  return {{"split", facts.split == Split::kTest ? "test" : "train"},
          {"modality", facts.modality == Modality::kMultimodal ? "mm" : "text"},
          {"needs_pictures", or_null(facts.needs_pictures)},
          {"ready", facts.ready},
          {"distinct", facts.distinct},
          {"characters", facts.characters},
          {"no_text", facts.no_text},
          {"addresses_judge", facts.addresses_judge}};
}

Result<std::size_t> count(const Json& object, std::string_view group, std::string_view field) {
  const Json& value = member(object, field);
  if (!value.is_number_unsigned()) return bad_field(std::string(group) + "." + std::string(field), "must be a count");
  return value.get<std::size_t>();
}

Result<bool> flag(const Json& object, std::string_view field) {
  const Json& value = member(object, field);
  if (!value.is_boolean()) return bad_field("facts." + std::string(field), "must be true or false");
  return value.get<bool>();
}

Result<void> read_tools(const Json& tools, Facts& facts) {
  for (const Json& entry : member(tools, "required")) {
    const auto source = entry.is_string() ? tag::source_from_name(entry.get<std::string>()) : std::nullopt;
    if (!source) return bad_field("tools.required", "names no tool");
    facts.required.push_back(*source);
  }
  const Json& used = member(tools, "used");
  for (const tag::Source source : kSources) {
    const Json& use = member(used, name(source));
    if (use.is_null()) continue;
    LLMI_TRY(const std::size_t total, count(use, "tools.used", "total"));
    LLMI_TRY(const std::size_t success, count(use, "tools.used", "success"));
    facts.used[static_cast<std::size_t>(source)] = {total, success};
  }
  return {};
}

Result<Facts> read_facts(const Json& row) {
  Facts facts;
  const Json& counts = member(row, "counts");
  const Json& wanted = member(counts, "wanted");
  if (!wanted.is_number_integer()) return bad_field("counts.wanted", "must be a number");
  facts.image_num = wanted.get<int>();
  LLMI_TRY(facts.tags, count(counts, "counts", "tags"));
  LLMI_TRY(facts.valid, count(counts, "counts", "valid"));
  const Json& rest = member(row, "facts");
  facts.split = member(rest, "split") == "test" ? Split::kTest : Split::kTrain;
  facts.modality = member(rest, "modality") == "mm" ? Modality::kMultimodal : Modality::kText;
  const Json& needs = member(rest, "needs_pictures");
  if (needs.is_boolean()) facts.needs_pictures = needs.get<bool>();
  LLMI_TRY(facts.ready, count(rest, "facts", "ready"));
  LLMI_TRY(facts.distinct, count(rest, "facts", "distinct"));
  LLMI_TRY(facts.characters, count(rest, "facts", "characters"));
  LLMI_TRY(facts.no_text, flag(rest, "no_text"));
  LLMI_TRY(facts.addresses_judge, flag(rest, "addresses_judge"));
  LLMI_CHECK_OK(read_tools(member(row, "tools"), facts));
  if (facts.valid > facts.tags || facts.ready > facts.tags || facts.distinct > facts.ready)
    return bad_field("counts", "do not fit together");
  return facts;
}

std::string text_or(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

Result<JudgeRecord> read_judge(const Json& judge, std::string_view field) {
  const Json& status = member(judge, "status");
  if (status.is_null()) return JudgeRecord{};
  if (status == "rule") return JudgeRecord{.part = JudgeRecord::Part::kRule};
  JudgeRecord record{.part = JudgeRecord::Part::kAsked};
  JudgeReply& reply = record.reply;
  const auto known = std::ranges::find_if(
      kReplyStatuses, [&](JudgeStatus one) { return status == kReplyStatus[static_cast<std::size_t>(one)]; });
  if (known == kReplyStatuses.end()) return bad_field(std::string(field) + ".status", "is not known");
  reply.status = *known;
  reply.reply = text_or(member(judge, "reply"));
  reply.model = text_or(member(judge, "model"));
  reply.prompt_id = text_or(member(judge, "prompt_id"));
  if (member(judge, "seed").is_number_unsigned()) reply.seed = judge["seed"].get<std::uint64_t>();
  if (member(judge, "attempts").is_number_unsigned()) reply.attempts = judge["attempts"].get<std::size_t>();
  reply.cached = member(judge, "cached") == true;
  if (member(judge, "error").is_string())
    reply.error = Error{.code = ErrorCode::kUnavailable, .message = text_or(judge["error"]), .origin = Origin::kModel};
  return record;
}

}  // namespace

Ordered to_json(const Score& score) {
  const Facts& facts = score.facts;
  Ordered json{
      {"id", score.id.empty() ? Ordered(nullptr) : Ordered(score.id)},
      {"status", name(score.status)},
      {"variant", name(score.variant)},
      {"version", kRewardVersion},
      {"score", or_null(score.score)},
      {"components", components_json(score)},
      {"marks",
       {{"text", or_null(score.marks.text)},
        {"image", or_null(score.marks.image)},
        {"image_quality", or_null(score.marks.image_quality)},
        {"task_relevance", or_null(score.marks.task_relevance)},
        {"text_image_relevance", or_null(score.marks.text_image_relevance)}}},
      {"counts",
       {{"wanted", facts.image_num}, {"tags", facts.tags}, {"valid", facts.valid}, {"failed", facts.failed()}}},
      {"facts", facts_json(facts)},
      {"tools", tools_json(facts)},
      {"judges", {{"llm", judge_json(score.llm)}, {"mllm", judge_json(score.mllm)}}}};
  if (score.error) json["error"] = {{"code", score.error->code}, {"message", score.error->message}};
  json["content_hash"] = score.content_hash;
  return json;
}

Result<Ordered> reverified(const Json& row, std::optional<Variant> variant) {
  if (!row.is_object()) return invalid_argument("is no score");
  const auto stored = variant_from_name(text_or(member(row, "variant")));
  if (!stored) return bad_field("variant", "must be strict or paper");
  const Json& judges = member(row, "judges");
  LLMI_TRY(JudgeRecord llm, read_judge(member(judges, "llm"), "judges.llm"));
  LLMI_TRY(JudgeRecord mllm, read_judge(member(judges, "mllm"), "judges.mllm"));
  const bool looked_at = member(row, "status") != name(ScoreStatus::kUnavailable) ||
                         llm.part != JudgeRecord::Part::kOff || mllm.part != JudgeRecord::Part::kOff;
  if (!looked_at) return Ordered(row);
  LLMI_TRY(const Facts facts, read_facts(row));
  Score score = evaluate(facts, std::move(llm), std::move(mllm), variant.value_or(*stored));
  score.id = text_or(member(row, "id"));
  score.content_hash = text_or(member(row, "content_hash"));
  return to_json(score);
}

}  // namespace llmi::reward
