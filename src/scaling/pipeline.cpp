#include "scaling/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/random.h"
#include "document/builder.h"
#include "scaling/measure.h"

// What all stages share, and the first three: sampling, validation, selection.

namespace llmi::scaling {
namespace {

using std::chrono::milliseconds;

milliseconds since(Clock::time_point begin) { return std::chrono::duration_cast<milliseconds>(Clock::now() - begin); }

/// One more of `count` that took `sum` together.
double average(double sum, std::size_t count) { return sum / static_cast<double>(count); }

}  // namespace

Pipeline::Pipeline(const RunContext& context, const agent::Services& services, const agent::Task& task,
                   const Options& options, const Means& means)
    : context_(context), task_(task), options_(options), means_(means) {
  for (tools::Tool* tool : services.tools) {
    MeteredTool& metered = tools_.emplace_back(*tool, services.cache, means.budget);
    enhancing_.emplace_back(metered, means.chooser, options.pictures);
    services_.tools.push_back(&metered);
  }
  if (services.model != nullptr) services_.model = &model_.emplace(*services.model, task.prices, means.budget);
}

Result<Scaled> Pipeline::run(const document::EventSink& sink) {
  if (services_.model == nullptr) return invalid_argument("writing needs a language model");
  report_.selector = means_.selector.name();
  if (options_.candidates > 1) {
    LLMI_CHECK_OK(sample());
    if (options_.validate) validate();
    ranking_.resize(candidates_.size());
    std::iota(ranking_.begin(), ranking_.end(), std::size_t{0});
    std::erase_if(ranking_, [&](std::size_t i) { return candidates_[i].dropped.has_value(); });
    if (options_.select) select();
    chosen_ = ranking_.front();
    if (task_.dry_run) return deliver_plan();
  }
  LLMI_CHECK_OK(make(sink));
  if (!task_.dry_run && options_.enhance) enhance();
  if (!task_.dry_run && options_.polish) polish();
  return deliver(sink);
}

Result<void> Pipeline::sample() {
  Measure measure(Step::kCandidates, means_.budget, report_.steps, options_.tell);
  LLMI_CHECK_OK(sample_one(0));
  measure.step.note = fmt::format("{} answers", options_.candidates);
  while (candidates_.size() < options_.candidates) {
    const std::size_t number = candidates_.size();
    if (!may_sample_more()) {
      measure.step.note = fmt::format("{} of {} answers: budget or time leave no more", number, options_.candidates);
      break;
    }
    if (auto sampled = sample_one(number); !sampled) {
      measure.step.note = fmt::format("{} of {} answers: {}", number, options_.candidates, sampled.error().message);
      break;
    }
  }
  return {};
}

Result<void> Pipeline::sample_one(std::size_t number) {
  // The first is what would be written without scaling, to the end; others may take half of the time there is.
  RunContext context = seeded(number == 0 ? context_.seed : derived_seed(context_.seed, number));
  if (number > 0 && !context_.deadline.is_never())
    context.deadline = Deadline(begin_ + (context_.deadline.at() - begin_) / 2);
  agent::Task task = task_;
  task.limits.max_model_tokens = means_.budget.tokens_left();
  LLMI_TRY(Version plan, plan_version(context, services_, task));
  double price = 0;
  for (const agent::PlannedCall& call : plan.planned) price += call.quote.price;
  held_ = std::max(held_, price);
  means_.budget.hold(held_);
  candidates_.push_back({.version = std::move(plan)});
  return {};
}

bool Pipeline::may_sample_more() const {
  const std::size_t count = candidates_.size();
  const Spent spent = means_.budget.spent();
  const auto left = means_.budget.money_left();
  const auto half = (context_.deadline.at() - begin_) / 2;
  const double taken = average(static_cast<double>(since(begin_).count()), count + 1);
  const bool in_time =
      context_.deadline.is_never() || since(begin_) + milliseconds(static_cast<std::int64_t>(taken)) < half;
  return context_.check() && in_time &&
         static_cast<double>(means_.budget.tokens_left()) >=
             average(static_cast<double>(spent.usage.completion_tokens), count) &&
         (!left || *left >= average(spent.usage.cost.value_or(0), count));
}

void Pipeline::validate() {
  Measure measure(Step::kValidate, means_.budget, report_.steps, options_.tell);
  std::size_t dropped = 0;
  for (Candidate& candidate : candidates_) {
    candidate.dropped = objection(task_, candidate.version);
    dropped += candidate.dropped ? 1 : 0;
  }
  measure.step.note = fmt::format("{} of {} dropped", dropped, candidates_.size());
  if (dropped < candidates_.size()) return;
  measure.step.note = "none is valid: all stay";
  for (Candidate& candidate : candidates_) candidate.dropped.reset();
}

void Pipeline::select() {
  Measure measure(Step::kSelect, means_.budget, report_.steps, options_.tell);
  judge_plans();
  const std::size_t first = ranking_.front();
  const auto score_of = [&](std::size_t i) { return candidates_[i].judgement->score; };
  std::ranges::stable_sort(
      ranking_, [&](std::size_t a, std::size_t b) { return score_of(a).value_or(-1) > score_of(b).value_or(-1); });
  measure.step.before = score_of(first);
  measure.step.after = score_of(ranking_.front());
  measure.step.note = fmt::format("answer {} of {}", ranking_.front() + 1, candidates_.size());
  if (!measure.step.after) measure.step.note += ": " + candidates_[ranking_.front()].judgement->reason;
  for (StepReport& step : report_.steps) {
    if (step.step == Step::kCandidates) step.after = score_of(0);
    if (step.step != Step::kValidate) continue;
    step.before = score_of(0);
    step.after = score_of(first);
  }
}

/// Those that stay, and the first one, so that it is known what the stages gain over it.
void Pipeline::judge_plans() {
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    Candidate& candidate = candidates_[i];
    if (!candidate.dropped || i == 0) candidate.judgement = means_.selector.judge(context_, task_, candidate.version);
  }
}

std::optional<double> Pipeline::score(const Version& version) {
  return means_.selector.judge(context_, task_, version).score;
}

std::optional<double> Pipeline::present_score() {
  if (!score_) score_ = score(*version_);
  return *score_;
}

RunContext Pipeline::seeded(std::uint64_t seed) const {
  RunContext context = context_;
  context.seed = seed;
  return context;
}

/// The event as the whole run has it: its times begin with the run, and what was used was used by all stages.
document::Event Pipeline::final_event(document::Event event, Clock::time_point session) const {
  const auto offset = std::chrono::duration_cast<milliseconds>(session - begin_);
  if (!std::holds_alternative<document::RunStarted>(event.body)) event.at += offset;
  auto* finished = std::get_if<document::RunFinished>(&event.body);
  if (finished == nullptr) return event;
  for (auto& [name, time] : finished->timings) time += offset;
  event.at = since(begin_);
  finished->timings["total"] = event.at;
  finished->usage = means_.budget.spent().usage;
  return event;
}

Scaled Pipeline::deliver(const document::EventSink& sink) {
  document::Builder builder;
  for (const document::Event& event : version_->events) {
    const document::Event last = final_event(event, version_->begin);
    builder.add(last);
    if (!live_) sink(last);
  }
  finish_report();
  return {.report = {.document = builder.build(), .error = version_->error, .planned = version_->planned},
          .scale = std::move(report_)};
}

Scaled Pipeline::deliver_plan() {
  finish_report();
  Version& plan = candidates_[chosen_].version;
  plan.document.usage = report_.total.usage;
  return {.report = {.document = std::move(plan.document), .error = plan.error, .planned = std::move(plan.planned)},
          .scale = std::move(report_)};
}

void Pipeline::finish_report() {
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    CandidateReport line{.seed = candidate.version.seed,
                         .pictures = candidate.version.pictures(),
                         .reason = candidate.dropped.value_or(""),
                         .dropped = candidate.dropped.has_value(),
                         .chosen = i == chosen_};
    if (candidate.judgement) {
      line.score = candidate.judgement->score;
      if (!line.dropped) line.reason = candidate.judgement->reason;
    }
    report_.candidates.push_back(std::move(line));
  }
  if (score_) report_.score = *score_;
  report_.total = means_.budget.spent();
  report_.time = since(begin_);
}

}  // namespace llmi::scaling
