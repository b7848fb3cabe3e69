#include "eval/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/file.h"
#include "base/random.h"
#include "eval/generate.h"
#include "eval/report.h"
#include "eval/results.h"
#include "eval/rules_reward.h"

namespace llmi::eval {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kSetting = "evaluation.json";

Json setting_json(const Setting& setting) {
  return {{"version", 1},           {"benchmark", setting.benchmark}, {"in", setting.in},
          {"model", setting.model}, {"seed", setting.seed},           {"as_published", setting.as_published},
          {"scale", setting.scale}};
}

Result<void> same(const Json& earlier, const Json& now) {
  for (const char* key : {"benchmark", "model", "seed", "as_published", "scale"}) {
    if (earlier.value(key, Json()) != now.at(key))
      return invalid_argument(fmt::format("--resume: the evaluation there has {} {}, this one {}", key,
                                          earlier.value(key, Json()).dump(), now.at(key).dump()));
  }
  return {};
}

class Work {
 public:
  Work(const RunContext& context, const Benchmark& benchmark, const std::vector<Item>& items,
       const Evaluation& evaluation)
      : context_(context), benchmark_(benchmark), items_(items), evaluation_(evaluation), samples_(items.size()) {}

  Result<std::vector<Sample>> run() {
    {
      std::vector<std::jthread> workers;
      for (std::size_t i = 0; i < std::clamp<std::size_t>(evaluation_.concurrency, 1, items_.size()); ++i)
        workers.emplace_back([this] { take_items(); });
    }
    if (error_) return std::unexpected(*std::move(error_));
    return std::move(samples_);
  }

 private:
  void take_items() {
    for (std::size_t i = next_++; i < items_.size() && !stopped_; i = next_++) {
      auto sample = finish_checked(i);
      const std::scoped_lock lock(mutex_);
      if (!sample) {
        stopped_ = true;
        if (!error_) error_ = std::move(sample).error();
        return;
      }
      if (evaluation_.on_sample) evaluation_.on_sample(*sample);
      samples_[i] = *std::move(sample);
    }
  }

  /// Exceptions of libraries end here, not the process.
  Result<Sample> finish_checked(std::size_t place) {
    try {
      return finish(place);
    } catch (const std::exception& error) {
      return internal_error(fmt::format("item {}: {}", items_[place].id, error.what()));
    }
  }

  /// The sample as it is on record, or what is open of it done.
  Result<Sample> finish(std::size_t place) {
    const Item& item = items_[place];
    if (auto known = on_record(item)) return *std::move(known);
    RunContext context = context_;
    context.seed = derived_seed(evaluation_.setting.seed, place);
    Sample sample{.id = item.id, .group = item.group, .seed = context.seed};
    auto answer = answer_to(context, item);
    LLMI_CHECK_OK(context.check());
    if (answer) {
      sample.measures = measure(item, answer->document, benchmark_.planned);
      LLMI_CHECK_OK(add_rules_reward(context, item, *answer, sample));
      LLMI_CHECK_OK(ask_judge(context, item, *answer, sample));
    } else {
      sample.error = answer.error().message;
    }
    LLMI_CHECK_OK(write_file(sample_file(evaluation_.out, item.id), to_json(sample)));
    return sample;
  }

  /// A sample that is complete: written, and judged by the judge of this evaluation if there is one.
  std::optional<Sample> on_record(const Item& item) const {
    const auto text = read_file(sample_file(evaluation_.out, item.id));
    if (!text) return std::nullopt;
    auto sample = sample_from_json(*text);
    if (!sample || !sample->generated()) return std::nullopt;
    const std::string& judge = evaluation_.setting.judge;
    const bool open = benchmark_.judge != nullptr && !judge.empty() && (sample->judge != judge || sample->incomplete());
    if (open) return std::nullopt;
    return *std::move(sample);
  }

  Result<Answer> answer_to(const RunContext& context, const Item& item) const {
    const fs::path folder = run_folder(evaluation_.out, item.id);
    Answer answer{.folder = folder};
    if (auto earlier = read_generated(folder)) {
      answer.document = *std::move(earlier);
      return answer;
    }
    LLMI_TRY(answer.document, evaluation_.generate(context, item, folder));
    return answer;
  }

  Result<void> add_rules_reward(const RunContext& context, const Item& item, const Answer& answer,
                                Sample& sample) const {
    if (benchmark_.planned) return {};
    LLMI_TRY(const double reward, rules_reward(context, item, answer));
    sample.measures.push_back({.name = std::string(kRulesReward), .sum = reward});
    return {};
  }

  Result<void> ask_judge(const RunContext& context, const Item& item, const Answer& answer, Sample& sample) const {
    if (benchmark_.judge == nullptr || evaluation_.setting.judge.empty()) return {};
    JudgeSession session(context, evaluation_.judge);
    const Rules rules{.as_published = evaluation_.setting.as_published};
    LLMI_TRY(Judged judged, benchmark_.judge(session, rules, item, answer));
    sample.judge = evaluation_.setting.judge;
    sample.marks = std::move(judged.marks);
    sample.judge_calls = session.calls();
    std::ranges::move(judged.measures, std::back_inserter(sample.measures));
    return {};
  }

  const RunContext& context_;
  const Benchmark& benchmark_;
  const std::vector<Item>& items_;
  const Evaluation& evaluation_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;  ///< Guards what follows.
  std::vector<Sample> samples_;
  std::optional<Error> error_;
};

}  // namespace

Result<Setting> claim(const fs::path& out, Setting setting, bool resume) {
  std::error_code error;
  const bool taken = fs::exists(out, error) && !fs::is_empty(out, error);
  const auto text = read_file(out / kSetting);
  if (taken && !resume)
    return invalid_argument(fmt::format("{} is not empty{}", out.string(),
                                        text ? ": give --resume to go on with the evaluation in it" : ""));
  if (taken && !text) return invalid_argument(fmt::format("{} holds no evaluation", out.string()));
  if (text) {
    const Json earlier = Json::parse(*text, nullptr, false);
    if (!earlier.is_object())
      return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{} is broken", (out / kSetting).string()));
    if (setting.seed == 0) setting.seed = earlier.value("seed", std::uint64_t{0});
    LLMI_CHECK_OK(same(earlier, setting_json(setting)));
  } else {
    if (setting.seed == 0) setting.seed = random_seed();
    LLMI_CHECK_OK(write_file(out / kSetting, setting_json(setting).dump(1) + "\n"));
  }
  return setting;
}

Result<std::vector<Sample>> evaluate(const RunContext& context, const Benchmark& benchmark,
                                     const std::vector<Item>& items, const Evaluation& evaluation) {
  LLMI_TRY(std::vector<Sample> samples, Work(context, benchmark, items, evaluation).run());
  std::vector<Answer> answers(items.size());
  std::vector<Finished> finished;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!samples[i].generated()) continue;
    answers[i].folder = run_folder(evaluation.out, items[i].id);
    LLMI_TRY(answers[i].document, read_generated(answers[i].folder));
    finished.push_back({.number = i + 1, .item = items[i], .sample = samples[i], .answer = answers[i]});
  }
  LLMI_CHECK_OK(write_results(benchmark, evaluation.setting, samples, evaluation.out));
  LLMI_CHECK_OK(write_report(benchmark, evaluation.setting, samples, finished, evaluation.out));
  if (benchmark.write != nullptr)
    LLMI_CHECK_OK(benchmark.write(context, evaluation.out, evaluation.setting.model, finished));
  return samples;
}

}  // namespace llmi::eval
