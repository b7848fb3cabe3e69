#include "reward/score.h"

#include <array>
#include <utility>

#include "reward/rules.h"
#include "reward/strict.h"
#include "reward/verdict.h"

namespace llmi::reward {
namespace {

constexpr int kWorst = 1;
constexpr int kBest = 5;

/// Whether the record holds something that the variant takes for a verdict: the published code counts what it cannot
/// read as the worst marks.
bool answered(const JudgeRecord& record, Variant variant) {
  if (record.part != JudgeRecord::Part::kAsked) return false;
  return record.reply.status == JudgeStatus::kOk ||
         (variant == Variant::kPaper && record.reply.status == JudgeStatus::kUnreadable);
}

void mark_text(Score& score, std::optional<bool> needs) {
  if (score.llm.part == JudgeRecord::Part::kRule) {
    score.marks.text = kWorst;
    score.marks.image = kWorst;
  } else if (answered(score.llm, score.variant)) {
    const TextVerdict verdict = read_text_verdict(score.llm.reply.reply);
    score.marks.text = verdict.text.value_or(kWorst);
    score.marks.image = verdict.image.value_or(kWorst);
  } else {
    return;
  }
  if (score.facts.tags == 0)
    score.marks.image = score.variant == Variant::kPaper ? kBest : tag_mark_without_tags(needs);
}

void mark_pictures(Score& score, std::optional<bool> needs) {
  const auto all = [&](std::optional<int> mark) {
    score.marks.image_quality = score.marks.task_relevance = score.marks.text_image_relevance = mark;
  };
  if (score.mllm.part == JudgeRecord::Part::kRule) {
    if (score.facts.ready > 0) return all(kWorst);
    if (score.variant == Variant::kPaper) return all(kBest);
    // Where nobody knows whether pictures are needed there is no mark, only the component one half.
    return all(needs ? std::optional(*needs ? kWorst : kBest) : std::nullopt);
  }
  if (!answered(score.mllm, score.variant)) return;
  const PictureVerdict verdict = read_picture_verdict(score.mllm.reply.reply);
  score.marks.image_quality = verdict.image_quality.value_or(kWorst);
  score.marks.task_relevance = verdict.task_relevance.value_or(kWorst);
  score.marks.text_image_relevance = verdict.text_image_relevance.value_or(kWorst);
}

std::optional<double> llm_component(const Score& score) {
  if (!score.marks.text || !score.marks.image) return std::nullopt;
  return text_component(*score.marks.text, *score.marks.image, score.facts.modality);
}

std::optional<double> mllm_component(const Score& score, std::optional<bool> needs) {
  const Marks& marks = score.marks;
  if (marks.image_quality && marks.task_relevance && marks.text_image_relevance)
    return picture_component(*marks.image_quality, *marks.task_relevance, *marks.text_image_relevance);
  if (score.mllm.part == JudgeRecord::Part::kRule) return mllm_without_pictures(needs);
  return std::nullopt;
}

/// What the score lacks of one judge; nothing when it lacks nothing.
std::optional<ScoreError> lack(const JudgeRecord& record, Variant variant, std::string_view which) {
  if (record.part == JudgeRecord::Part::kRule || answered(record, variant)) return std::nullopt;
  const std::string judge = std::string("the ") + std::string(which) + " judge ";
  if (record.part == JudgeRecord::Part::kOff) return ScoreError{"judge_off", judge + "is switched off"};
  if (record.reply.status == JudgeStatus::kUnreadable)
    return ScoreError{"judge_unreadable", judge + "gave no verdict that can be read, twice"};
  const std::string why = record.reply.error ? record.reply.error->message : "it gave no reply";
  return ScoreError{"judge_unavailable", judge + "is unavailable: " + why};
}

void decide_status(Score& score) {
  if (score.llm.part == JudgeRecord::Part::kOff && score.mllm.part == JudgeRecord::Part::kOff) {
    score.status = ScoreStatus::kRulesOnly;
    return;
  }
  const auto llm = lack(score.llm, score.variant, "LLM");
  const auto mllm = lack(score.mllm, score.variant, "MLLM");
  const bool one_answered = answered(score.llm, score.variant) || answered(score.mllm, score.variant);
  score.error = llm ? llm : mllm;
  if (!score.error) {
    score.status = ScoreStatus::kOk;
  } else {
    score.status = one_answered ? ScoreStatus::kDegraded : ScoreStatus::kUnavailable;
  }
}

std::optional<double> number(const Score& score) {
  const bool rules_only = score.status == ScoreStatus::kRulesOnly;
  if (score.status != ScoreStatus::kOk && !rules_only) return std::nullopt;
  if (score.variant == Variant::kStrict) return strict_reward(score.components, rules_only);
  const double count = *score.components[0].second;
  return rules_only ? count : published_reward(count, *score.components[1].second, *score.components[2].second);
}

}  // namespace

std::string_view name(Variant variant) noexcept { return variant == Variant::kPaper ? "paper" : "strict"; }

std::optional<Variant> variant_from_name(std::string_view text) noexcept {
  for (const Variant variant : {Variant::kPaper, Variant::kStrict}) {
    if (text == name(variant)) return variant;
  }
  return std::nullopt;
}

std::string_view name(ScoreStatus status) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"ok", "degraded", "unavailable", "rules_only"};
  return kNames[static_cast<std::size_t>(status)];
}

bool rule_decides_text(const Facts& facts) { return facts.no_text; }

bool rule_decides_pictures(const Facts& facts) { return facts.ready == 0 || facts.ready > kMostJudgedPictures; }

Score evaluate(const Facts& facts, JudgeRecord llm, JudgeRecord mllm, Variant variant) {
  Score score{.variant = variant, .facts = facts, .llm = std::move(llm), .mllm = std::move(mllm)};
  decide_status(score);
  std::optional<bool> judged;
  if (answered(score.llm, variant)) judged = read_text_verdict(score.llm.reply.reply).needs_pictures;
  const std::optional<bool> needs = profits_from_pictures(facts, judged);
  if (score.status != ScoreStatus::kRulesOnly) {
    mark_text(score, needs);
    mark_pictures(score, needs);
  }
  const StrictParts parts{.llm = llm_component(score), .mllm = mllm_component(score, needs)};
  score.components = variant == Variant::kStrict
                         ? strict_components(facts, needs, parts)
                         : Components{{"count", count_rule(facts.image_num, facts.ready, facts.split)},
                                      {"llm", parts.llm},
                                      {"mllm", parts.mllm}};
  score.score = number(score);
  return score;
}

}  // namespace llmi::reward
