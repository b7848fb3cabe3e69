#include "scaling/reward_selector.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reward/judge_call.h"
#include "reward/likeness.h"
#include "reward/question.h"
#include "reward/rules.h"
#include "reward/score.h"
#include "reward/strict.h"
#include "reward/verdict.h"
#include "scaling/reading.h"

namespace llmi::scaling {
namespace {

constexpr double kRulesWeight = 0.7;

int image_num(const agent::FigureCount& count) {
  switch (count.kind) {
    case agent::FigureCount::Kind::kNone:
      return reward::kNoPictures;
    case agent::FigureCount::Kind::kSome:
      return reward::kSomePictures;
    case agent::FigureCount::Kind::kExactly:
      return static_cast<int>(count.exactly);
    case agent::FigureCount::Kind::kAny:
      break;
  }
  return reward::kAnyPictures;
}

reward::Sample sample_of(const agent::Task& task, const Version& version) {
  reward::Sample sample{.prompt = task.prompt.value_or(""),
                        .answer = version.document.answer,
                        .image_num = image_num(task.figures),
                        .modality = task.inputs.empty() ? reward::Modality::kText : reward::Modality::kMultimodal};
  for (const agent::InputPicture& input : task.inputs) sample.inputs.push_back(input.picture);
  sample.pictures.emplace();
  for (const auto& [index, ready] : ready_figures(version))
    sample.pictures->push_back({.index = index, .picture = ready.picture, .sha256 = ready.figure.sha256});
  return sample;
}

/// Equal calls of tools that take no seed will bring equal pictures.
std::string expected_picture(const document::FigureBlock& figure) {
  const tag::Source source = figure.call->source();
  const bool fixed = source == tag::Source::kSearch || source == tag::Source::kCode;
  return fixed ? tag::print({.params = figure.call->params}) : std::to_string(figure.index);
}

/// Pictures that are there, each once; of a plan, that are to be expected.
std::size_t count_different(const Version& version) {
  std::set<std::string> different;
  for (const document::FigureBlock* figure : version.figures()) {
    if (version.made && figure->ready() != nullptr) different.insert(figure->ready()->sha256);
    if (!version.made && figure->call) different.insert(expected_picture(*figure));
  }
  return std::min(version.pictures(), different.size());
}

std::string described(const reward::Components& components) {
  std::string text;
  for (const auto& [name, value] : components) {
    if (value) text += fmt::format("{}{} {:.2f}", text.empty() ? "" : ", ", name, *value);
  }
  return text;
}

Judgement judge_by_rules(const reward::Facts& facts, const agent::Task& task, const Version& version) {
  const auto components =
      reward::strict_components(facts, reward::profits_from_pictures(facts, std::nullopt), reward::StrictParts{});
  const Reading reading = read_document(version.document, task.prompt.value_or(""));
  return {.score = kRulesWeight * reward::strict_reward(components, true) + (1 - kRulesWeight) * reading.mean(),
          .reason = fmt::format("{}; topic {:.2f}, variety {:.2f}, shape {:.2f}, substance {:.2f}, fit {:.2f}",
                                described(components), reading.topic, reading.variety, reading.shape, reading.substance,
                                reading.fit)};
}

std::string why(const reward::JudgeReply& reply) {
  if (reply.status == reward::JudgeStatus::kUnreadable) return "gave no verdict that can be read";
  return reply.error ? reply.error->message : "gave no reply";
}

}  // namespace

Judgement RewardSelector::judge(const RunContext& context, const agent::Task& task, const Version& version) {
  const reward::Sample sample = sample_of(task, version);
  const auto facts = facts_of(context, sample, version);
  if (!facts) return {.reason = facts.error().message};
  if (options_.llm == nullptr && options_.mllm == nullptr) return judge_by_rules(*facts, task, version);
  const Verdicts verdicts = ask(context, sample, *facts, version.made);
  if (!verdicts.missing.empty()) return {.reason = verdicts.missing};
  const auto needs = reward::profits_from_pictures(*facts, verdicts.needs_pictures);
  const double pictures = facts->ready == 0 ? reward::mllm_without_pictures(needs) : verdicts.mllm;
  const auto components = reward::strict_components(*facts, needs, {.llm = verdicts.llm, .mllm = pictures});
  return {.score = reward::strict_reward(components, false), .reason = described(components)};
}

Result<reward::Facts> RewardSelector::facts_of(const RunContext& context, const reward::Sample& sample,
                                               const Version& version) {
  // The text first; which pictures are there, or are to come, the version knows.
  reward::Sample text = sample;
  text.pictures.emplace();
  LLMI_TRY(reward::Facts facts, reward::facts_of(context, own_intake_, text));
  facts.ready = version.pictures();
  facts.distinct = count_different(version);
  if (version.made && options_.intake != nullptr) {
    LLMI_TRY(facts.distinct, reward::count_distinct(context, *options_.intake, *sample.pictures));
  }
  return facts;
}

RewardSelector::Verdicts RewardSelector::ask(const RunContext& context, const reward::Sample& sample,
                                             const reward::Facts& facts, bool made) const {
  Verdicts verdicts;
  if (options_.llm != nullptr) {
    if (reward::rule_decides_text(facts)) {
      verdicts.llm = 0;
    } else {
      ask_text(context, sample, facts, verdicts);
    }
  }
  if (options_.mllm != nullptr && made && facts.ready > 0) {
    if (reward::rule_decides_pictures(facts)) {
      verdicts.mllm = 0;
    } else {
      ask_pictures(context, sample, verdicts);
    }
  }
  return verdicts;
}

void RewardSelector::ask_text(const RunContext& context, const reward::Sample& sample, const reward::Facts& facts,
                              Verdicts& verdicts) const {
  const reward::JudgeReply reply = reward::ask_judge(context, *options_.llm, reward::text_question(sample));
  const reward::TextVerdict verdict = reward::read_text_verdict(reply.reply);
  if (reply.status != reward::JudgeStatus::kOk || !verdict.whole()) {
    verdicts.missing = "the LLM judge: " + why(reply);
    return;
  }
  verdicts.needs_pictures = verdict.needs_pictures;
  const auto needs = reward::profits_from_pictures(facts, verdict.needs_pictures);
  const int image = facts.tags == 0 ? reward::tag_mark_without_tags(needs) : *verdict.image;
  verdicts.llm = reward::text_component(*verdict.text, image, facts.modality);
}

void RewardSelector::ask_pictures(const RunContext& context, const reward::Sample& sample, Verdicts& verdicts) const {
  const reward::JudgeReply reply = reward::ask_judge(context, *options_.mllm, reward::picture_question(sample));
  const reward::PictureVerdict verdict = reward::read_picture_verdict(reply.reply);
  if (reply.status != reward::JudgeStatus::kOk || !verdict.whole()) {
    verdicts.missing = "the MLLM judge: " + why(reply);
    return;
  }
  verdicts.mllm =
      reward::picture_component(*verdict.image_quality, *verdict.task_relevance, *verdict.text_image_relevance);
}

}  // namespace llmi::scaling
