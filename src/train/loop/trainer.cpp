#include "train/loop/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/random.h"
#include "train/loop/training_rows.h"
#include "train/policy_math/advantage.h"

namespace llmi::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kCheckpoint = "checkpoint";
constexpr const char* kState = "state.json";
constexpr const char* kMetrics = "metrics.jsonl";
constexpr const char* kAdapter = "adapter.gguf";

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// What must be the same for a run to go on.
Json identity(const Recipe& recipe, std::size_t rows) {
  return {{"algorithm", static_cast<int>(recipe.algorithm)},
          {"model", recipe.model},
          {"system", recipe.system},
          {"seed", recipe.seed},
          {"rows", rows},
          {"prompts", recipe.prompts},
          {"rollouts", recipe.rollouts},
          {"lora", recipe.lora_rank ? Json(*recipe.lora_rank) : Json()}};
}

Result<void> swap_folders(const fs::path& fresh, const fs::path& place) {
  const fs::path old = place.string() + ".old";
  std::error_code error;
  fs::remove_all(old, error);
  if (fs::exists(place)) fs::rename(place, old, error);
  if (!error) fs::rename(fresh, place, error);
  if (error) return internal_error(fmt::format("cannot replace {}: {}", place.string(), error.message()));
  fs::remove_all(old, error);
  return {};
}

/// Means of what the scores have.
class Means {
 public:
  void add(const std::string& name, double value) {
    sums_[name].first += value;
    sums_[name].second += 1;
  }
  [[nodiscard]] std::map<std::string, double> values() const {
    std::map<std::string, double> values;
    for (const auto& [name, sum] : sums_) values[name] = sum.first / sum.second;
    return values;
  }

 private:
  std::map<std::string, std::pair<double, double>> sums_;
};

}  // namespace

/// A prompt's completions.
struct Trainer::Group {
  std::vector<std::int32_t> prompt;
  std::vector<Rollout> rollouts;
  std::future<std::vector<reward::Score>> scores;
};

/// What the groups of a step come to.
class Trainer::Harvest {
 public:
  explicit Harvest(policy_math::Baseline baseline) : baseline_(baseline) {}

  [[nodiscard]] std::size_t teaching() const { return teaching_; }
  [[nodiscard]] const std::vector<Experience>& experiences() const { return experiences_; }

  /// Waits for the group's scores.
  void take(Group& group) {
    const std::vector<reward::Score> scores = group.scores.get();
    std::vector<double> known;
    for (const reward::Score& score : scores) {
      if (!score.score && why_unavailable_.empty() && score.error) why_unavailable_ = score.error->message;
      if (!score.score) continue;
      known.push_back(*score.score);
      count(score);
    }
    const policy_math::GroupAdvantages advantages = policy_math::group_advantages(known, baseline_);
    ++groups_;
    if (advantages.teaches) ++teaching_;
    deviations_ += advantages.deviation;
    std::size_t place = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      Rollout& rollout = group.rollouts[i];
      count(rollout);
      if (!scores[i].score) continue;
      const double advantage = advantages.values[place++];
      if (advantages.teaches) add(group.prompt, rollout, advantage);
    }
  }

  void report(StepReport& report) const {
    report.completions = completions_;
    report.unfinished = unfinished_;
    report.groups = groups_;
    report.flat_groups = groups_ - teaching_;
    report.components = components_.values();
    report.tools = tools_.values();
    const auto share = [](double sum, std::size_t of) { return of == 0 ? 0 : sum / static_cast<double>(of); };
    report.unavailable = completions_ - scored_;
    report.why_unavailable = why_unavailable_;
    report.reward = share(rewards_, scored_);
    report.reward_deviation = share(deviations_, groups_);
    report.length = share(static_cast<double>(tokens_), completions_);
  }

 private:
  void count(const reward::Score& score) {
    ++scored_;
    rewards_ += *score.score;
    for (const auto& [name, value] : score.components)
      if (value) components_.add(name, *value);
    for (std::size_t i = 0; i < score.facts.used.size(); ++i)
      tools_.add(std::string(tag::name(static_cast<tag::Source>(i))), static_cast<double>(score.facts.used[i].total));
  }
  void count(const Rollout& rollout) {
    ++completions_;
    tokens_ += rollout.tokens.size();
    if (!rollout.finished) ++unfinished_;
  }
  void add(const std::vector<std::int32_t>& prompt, Rollout& rollout, double advantage) {
    TokenSequence sequence{.tokens = prompt, .prompt_tokens = prompt.size()};
    sequence.tokens.insert(sequence.tokens.end(), rollout.tokens.begin(), rollout.tokens.end());
    experiences_.push_back({std::move(sequence), std::move(rollout.log_probs), advantage});
  }

  policy_math::Baseline baseline_;
  std::vector<Experience> experiences_;
  Means components_;
  Means tools_;
  std::string why_unavailable_;
  double rewards_ = 0;
  double deviations_ = 0;
  std::size_t scored_ = 0;
  std::size_t teaching_ = 0;
  std::size_t groups_ = 0;
  std::size_t completions_ = 0;
  std::size_t unfinished_ = 0;
  std::size_t tokens_ = 0;
};

Trainer::Trainer(Recipe recipe, std::vector<reward::Sample> rows, TrainerParts parts, fs::path folder)
    : recipe_(std::move(recipe)), rows_(std::move(rows)), parts_(std::move(parts)), folder_(std::move(folder)) {}

Result<void> Trainer::resume() {
  const fs::path place = folder_ / kCheckpoint;
  // A run that was killed between two renames has its checkpoint beside the place.
  const fs::path from = fs::exists(place) ? place : fs::path(place.string() + ".old");
  if (!fs::exists(from)) return {};
  LLMI_TRY(const std::string text, read_file(from / kState));
  const Json state = Json::parse(text, nullptr, false);
  if (!state.is_object()) return fail(ErrorCode::kUnreadable, Origin::kCaller, (from / kState).string() + " is broken");
  if (state.value("recipe", Json()) != identity(recipe_, rows_.size()))
    return invalid_argument(
        fmt::format("{} is the checkpoint of another recipe: {}", from.string(), state.value("recipe", Json()).dump()));
  LLMI_CHECK_OK(parts_.policy->load(from));
  step_ = state.value("step", std::size_t{0});
  position_ = state.value("position", std::size_t{0});
  metrics_ = state.value("metrics", "");
  LLMI_CHECK_OK(write_file(folder_ / kMetrics, metrics_));
  return recipe_.algorithm == Algorithm::kSft ? Result<void>() : share_adapter();
}

Result<void> Trainer::start_from(const fs::path& folder) {
  if (!fs::exists(folder / kCheckpoint / kState))
    return not_found(fmt::format("{} holds no checkpoint of a training run", folder.string()));
  LLMI_CHECK_OK(parts_.policy->load(folder / kCheckpoint));
  return recipe_.algorithm == Algorithm::kSft ? Result<void>() : share_adapter();
}

Result<StepReport> Trainer::step(const RunContext& context) {
  auto report = recipe_.algorithm == Algorithm::kSft ? imitate_step() : policy_step(context);
  if (!report) return report;
  report->step = ++step_;
  LLMI_CHECK_OK(append(*report));
  if (step_ % recipe_.checkpoint_every == 0 || step_ == recipe_.steps) LLMI_CHECK_OK(save());
  return report;
}

const reward::Sample& Trainer::next_row() { return rows_[row_at(position_++, rows_.size(), recipe_.seed)]; }

Result<StepReport> Trainer::imitate_step() {
  StepReport report{.learning_rate = learning_rate(recipe_, step_)};
  std::vector<Experience> experiences;
  for (std::size_t taken = 0; taken < recipe_.prompts; ++taken) {
    const reward::Sample& row = next_row();
    LLMI_TRY(std::vector<std::int32_t> tokens, parts_.sampler->prompt(recipe_.system, row.prompt));
    LLMI_TRY(const std::vector<std::int32_t> answer, parts_.sampler->answer(row.answer));
    if (tokens.size() > recipe_.prompt_tokens || answer.size() > recipe_.response_tokens) {
      ++report.long_prompts;
      continue;
    }
    const std::size_t prompt = tokens.size();
    tokens.insert(tokens.end(), answer.begin(), answer.end());
    experiences.push_back({.sequence = {.tokens = std::move(tokens), .prompt_tokens = prompt}});
  }
  if (experiences.empty()) return report;
  const auto begin = Clock::now();
  LLMI_TRY(report.update, imitate(*parts_.policy, recipe_, experiences, report.learning_rate));
  report.learn_seconds = seconds_since(begin);
  return report;
}

/// Samples a group and has it scored in the background. False: its prompt is too long.
Result<bool> Trainer::fill(const RunContext& context, const reward::Sample& row, Group& group, StepReport& report) {
  LLMI_TRY(group.prompt, parts_.sampler->prompt(recipe_.system, row.prompt));
  if (group.prompt.size() > recipe_.prompt_tokens) {
    ++report.long_prompts;
    return false;
  }
  RunContext inner = context;
  inner.seed = derived_seed(recipe_.seed ^ 0x5A4D504CU, position_);
  const auto begin = Clock::now();
  LLMI_TRY(group.rollouts, parts_.sampler->sample(inner, group.prompt, recipe_.rollouts, recipe_.response_tokens));
  report.sample_seconds += seconds_since(begin);
  std::vector<reward::Sample> samples;
  for (const Rollout& rollout : group.rollouts) {
    samples.push_back(row);
    samples.back().answer = rollout.text;
  }
  group.scores = std::async(std::launch::async, [this, inner, samples = std::move(samples)]() mutable {
    std::vector<reward::Score> scores;
    for (reward::Sample& sample : samples) scores.push_back(parts_.reward(inner, std::move(sample)));
    return scores;
  });
  return true;
}

/// Prompts until enough groups teach something, or as many as the recipe allows.
Result<void> Trainer::gather(const RunContext& context, Harvest& harvest, StepReport& report) {
  const auto prompts = static_cast<double>(recipe_.prompts);
  const std::size_t most = recipe_.prompts + static_cast<std::size_t>(recipe_.resample * prompts);
  for (std::size_t drawn = 0; drawn < most && harvest.teaching() < recipe_.prompts;) {
    std::vector<Group> groups;
    const std::size_t missing = std::min(recipe_.prompts - harvest.teaching(), most - drawn);
    for (std::size_t i = 0; i < missing; ++i, ++drawn) {
      Group group;
      LLMI_TRY(const bool filled, fill(context, next_row(), group, report));
      if (filled) groups.push_back(std::move(group));
    }
    const auto begin = Clock::now();
    for (Group& group : groups) harvest.take(group);
    report.reward_seconds += seconds_since(begin);
    LLMI_CHECK_OK(context.check());
  }
  return {};
}

Result<StepReport> Trainer::policy_step(const RunContext& context) {
  StepReport report{.learning_rate = learning_rate(recipe_, step_)};
  Harvest harvest(recipe_.baseline);
  LLMI_CHECK_OK(gather(context, harvest, report));
  harvest.report(report);
  if (harvest.experiences().empty()) return report;
  const auto begin = Clock::now();
  LLMI_TRY(report.update, learn(*parts_.policy, recipe_, harvest.experiences(), report.learning_rate));
  LLMI_CHECK_OK(share_adapter());
  report.learn_seconds = seconds_since(begin);
  return report;
}

/// The sampler writes with what the policy has learnt.
Result<void> Trainer::share_adapter() {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return internal_error(fmt::format("cannot make {}: {}", folder_.string(), error.message()));
  LLMI_CHECK_OK(parts_.policy->export_adapter(folder_ / kAdapter));
  return parts_.sampler->use_adapter(folder_ / kAdapter);
}

Result<void> Trainer::append(const StepReport& report) {
  metrics_ += print(report) + "\n";
  return write_file(folder_ / kMetrics, metrics_);
}

Result<void> Trainer::save() {
  const fs::path fresh = folder_ / (std::string(kCheckpoint) + ".new");
  std::error_code error;
  fs::remove_all(fresh, error);
  fs::create_directories(fresh, error);
  if (error) return internal_error(fmt::format("cannot make {}: {}", fresh.string(), error.message()));
  LLMI_CHECK_OK(parts_.policy->save(fresh));
  const Json state{
      {"recipe", identity(recipe_, rows_.size())}, {"step", step_}, {"position", position_}, {"metrics", metrics_}};
  LLMI_CHECK_OK(write_file(fresh / kState, state.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"));
  LLMI_CHECK_OK(swap_folders(fresh, folder_ / kCheckpoint));
  return recipe_.lora_rank ? parts_.policy->export_adapter(folder_ / kAdapter) : Result<void>();
}

std::string print(const StepReport& report) {
  const UpdateStats& update = report.update;
  Json json{
      {"step", report.step},       {"learning_rate", report.learning_rate}, {"loss", update.loss},
      {"entropy", update.entropy}, {"gradient_norm", update.gradient_norm}, {"skipped_updates", update.skipped},
      {"tokens", update.tokens},   {"long_prompts", report.long_prompts},   {"learn_seconds", report.learn_seconds}};
  if (report.groups > 0) {
    json["reward"] = report.reward;
    json["reward_deviation"] = report.reward_deviation;
    json["components"] = report.components;
    json["tools"] = report.tools;
    json["length"] = report.length;
    json["completions"] = report.completions;
    json["unfinished"] = report.unfinished;
    json["unavailable"] = report.unavailable;
    json["why_unavailable"] = report.why_unavailable;
    json["groups"] = report.groups;
    json["flat_groups"] = report.flat_groups;
    json["clipped"] = update.clipped;
    json["mismatch"] = update.mismatch;
    json["largest_mismatch"] = update.largest_mismatch;
    json["truncated"] = update.truncated;
    json["sample_seconds"] = report.sample_seconds;
    json["reward_seconds"] = report.reward_seconds;
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace llmi::train
