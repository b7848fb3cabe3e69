#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/author.h"
#include "agent/services.h"
#include "base/random.h"
#include "scaling/measure.h"
#include "scaling/pinned_tool.h"
#include "scaling/pipeline.h"
#include "scaling/polish.h"

// The stages in which tools run: making the chosen answer, enhancement, polish.

namespace llmi::scaling {
namespace {

// Apart from the numbers of candidates.
constexpr std::uint64_t kPolishPart = std::uint64_t{1} << 32U;
// Hardly any text has longer tokens: a revision that may have fewer will not be whole.
constexpr std::size_t kLongestToken = 8;

/// An answer that broke off stays so, though its tools ran to their end.
void stay_partial(Version& version, const Version& plan) {
  if (plan.document.complete) return;
  if (plan.error) version.error = plan.error;
  for (document::Event& event : version.events) {
    auto* finished = std::get_if<document::RunFinished>(&event.body);
    if (finished == nullptr || !finished->complete) continue;
    finished->complete = false;
    finished->reason = plan.document.reason;
  }
  version.document.complete = false;
}

bool all_ready(const Version& version) { return version.pictures() == version.figures().size(); }

bool is_repairable(const Fault& fault) {
  return fault.stage == Stage::kParse || fault.stage == Stage::kSchema || fault.stage == Stage::kTool ||
         fault.stage == Stage::kDecode;
}

std::shared_ptr<const image::Picture> parent_of(const agent::Task& task, const tag::Tag& call,
                                                const std::map<std::size_t, document::FigureReady>& ready) {
  const auto* edit = std::get_if<tag::EditParams>(&call.params);
  if (edit == nullptr) return nullptr;
  if (edit->img_index < task.inputs.size()) return task.inputs[edit->img_index].picture;
  const auto found = ready.find(edit->img_index);
  return found == ready.end() ? nullptr : found->second.picture;
}

/// Gives each figure's picture to the tool that made it.
void pin_pictures(std::list<PinnedTool>& tools, const agent::Task& task, const Version& version) {
  const auto ready = ready_figures(version);
  for (const document::FigureBlock* figure : version.figures()) {
    const auto found = ready.find(figure->index);
    if (found == ready.end() || !figure->call) continue;
    const auto tool = std::ranges::find(tools, figure->call->source(), &PinnedTool::source);
    if (tool == tools.end()) continue;
    const document::FigureReady& made = found->second;
    tool->pin({.tag = *figure->call, .parent = parent_of(task, *figure->call, ready)},
              {.picture = *made.picture, .provenance = made.figure.provenance, .drawn = made.figure.drawn});
  }
}

}  // namespace

bool Pipeline::nothing_follows() const {
  const bool another_may = options_.select && ranking_.size() > 1;
  const bool broken = !candidates_.empty() && !candidates_[chosen_].version.document.complete;
  return !options_.enhance && !options_.polish && !another_may && !broken;
}

Result<void> Pipeline::make(const document::EventSink& sink) {
  Measure measure(Step::kMake, means_.budget, report_.steps, options_.tell);
  means_.budget.hold(0);
  live_ = task_.dry_run || nothing_follows();
  const auto begin = Clock::now();
  const auto hand_on = [&](const document::Event& event) { sink(final_event(event, begin)); };
  const document::EventSink live = live_ ? document::EventSink(hand_on) : document::EventSink();
  if (candidates_.empty()) {
    LLMI_TRY(version_, write_version(context_, services_, task_, live));
  } else {
    LLMI_TRY(version_, make_choice(chosen_, live));
    if (options_.select) make_next_choices();
  }
  measure.step.note = fmt::format("{} of {} pictures", version_->pictures(), version_->figures().size());
  if (options_.select || options_.enhance || options_.polish) measure.step.after = present_score();
  return {};
}

Result<Version> Pipeline::make_choice(std::size_t choice, const document::EventSink& live) {
  const Version& plan = candidates_[choice].version;
  LLMI_TRY(Version version, make_version(seeded(plan.seed), services_, task_, plan.document.answer, live));
  stay_partial(version, plan);
  return version;
}

/// Where pictures of the best plan failed, the next plans may come to more: each is made until one is whole, and the
/// best stays. So what was chosen by its plan is not worse, by the rules, than what another plan would have come to.
void Pipeline::make_next_choices() {
  for (std::size_t i = 1; i < ranking_.size() && !all_ready(*version_) && context_.check(); ++i) {
    auto next = make_choice(ranking_[i], {});
    if (!next || !next->document.complete) return;
    const auto next_score = score(*next);
    const bool whole = all_ready(*next);
    if (next_score.value_or(-1) > present_score().value_or(-1)) {
      version_ = *std::move(next);
      score_ = next_score;
      chosen_ = ranking_[i];
    }
    if (whole) return;
  }
}

std::optional<std::string> Pipeline::obstacle() const {
  if (!version_->document.complete) return "the document is partial";
  if (!context_.check()) return "no time is left";
  return std::nullopt;
}

bool Pipeline::can_enhance() const {
  return std::ranges::any_of(version_->figures(), [&](const document::FigureBlock* figure) {
    if (const Fault* fault = figure->fault()) return is_repairable(*fault);
    return figure->call && means_.chooser.can_choose(figure->call->source());
  });
}

agent::Task Pipeline::patient_task() const {
  agent::Task task = task_;
  if (options_.enhance) task.limits.max_repairs += options_.repairs;
  return task;
}

void Pipeline::enhance() {
  Measure measure(Step::kEnhance, means_.budget, report_.steps, options_.tell);
  measure.step.before = measure.step.after = present_score();
  if (const auto why = obstacle()) {
    measure.step.note = *why;
  } else if (!can_enhance()) {
    measure.step.note = "no picture that more tries could better";
  } else {
    agent::Services services = services_;
    services.tools.clear();
    for (EnhancingTool& tool : enhancing_) services.tools.push_back(&tool);
    auto version = make_version(seeded(version_->seed), services, patient_task(), version_->document.answer, {});
    if (version) return consider(*std::move(version), measure.step, false);
    measure.step.note = version.error().message;
  }
}

void Pipeline::polish() {
  Measure measure(Step::kPolish, means_.budget, report_.steps, options_.tell);
  measure.step.before = measure.step.after = present_score();
  if (const auto why = obstacle()) {
    measure.step.note = *why;
  } else if (agent::is_guided(*services_.model, task_)) {
    measure.step.note = "a model that is guided cannot revise";
  } else if (const auto answer = revision(); !answer) {
    measure.step.note = answer.error().message;
  } else if (auto version = make_revision(*answer); !version) {
    measure.step.note = version.error().message;
  } else {
    consider(*std::move(version), measure.step, true);
  }
}

/// The model's revised answer.
Result<std::string> Pipeline::revision() {
  if (means_.budget.tokens_left() < version_->document.answer.size() / kLongestToken)
    return fail(ErrorCode::kResourceExhausted, Origin::kCaller, "the budget leaves too few tokens for a revision");
  const bool sees = services_.model->capabilities().sees;
  std::string reply;
  LLMI_TRY(const lm::GenerateResult result,
           services_.model->generate(seeded(derived_seed(version_->seed, kPolishPart)),
                                     polish_request(task_, agent::offered(services_), *version_, sees),
                                     [&](std::string_view piece) {
                                       reply += piece;
                                       return lm::Flow::kContinue;
                                     }));
  if (result.finish != lm::FinishReason::kEnd)
    return fail(ErrorCode::kUnreadable, Origin::kModel, "the revision is not whole");
  auto answer = polished_answer(reply, *version_);
  if (!answer) return fail(ErrorCode::kUnreadable, Origin::kModel, "the revision is of no use: " + answer.error());
  return *std::move(answer);
}

/// The revision with the pictures that are there; only new tags are made.
Result<Version> Pipeline::make_revision(const std::string& answer) {
  std::list<PinnedTool> pinned;
  if (options_.enhance) {
    for (EnhancingTool& tool : enhancing_) pinned.emplace_back(tool);
  } else {
    for (MeteredTool& tool : tools_) pinned.emplace_back(tool);
  }
  pin_pictures(pinned, task_, *version_);
  agent::Services services = services_;
  services.tools.clear();
  for (PinnedTool& tool : pinned) services.tools.push_back(&tool);
  return make_version(seeded(version_->seed), services, patient_task(), answer, {});
}

void Pipeline::consider(Version version, StepReport& step, bool better) {
  const std::size_t others = take_over(version, *version_);
  const std::size_t before = version_->pictures();
  const bool same_text = version.document.answer == version_->document.answer;
  if (same_text && others == 0) {
    step.note = "nothing better was found";
    return;
  }
  const auto after = score(version);
  const bool lost = !version.document.complete || version.pictures() < before;
  const bool more = version.pictures() > before;
  const bool scored = after && present_score();
  const bool wins = scored ? (better ? *after > *present_score() : *after >= *present_score()) : !better && more;
  if (lost || !wins) {
    step.note = lost ? "not taken: a picture was lost" : "not taken: it is not better";
    return;
  }
  step.after = after;
  step.note = fmt::format("taken: {} new picture{}", others, others == 1 ? "" : "s");
  version_ = std::move(version);
  score_ = after;
}

}  // namespace llmi::scaling
