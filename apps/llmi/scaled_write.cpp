#include "scaled_write.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "console.h"
#include "judge_setup.h"
#include "open_model.h"
#include "scaling/metered_model.h"
#include "scaling/reward_selector.h"
#include "scaling/scaling.h"
#include "scaling/seeing_chooser.h"
#include "store/run_files.h"

namespace llmi::app {
namespace {

scaling::Options scale_options(const ScaledRun& run) {
  const config::Settings& settings = run.settings;
  const auto stages = settings.list("scale.stages");
  const auto has = [&](std::string_view stage) { return std::ranges::find(stages, stage) != stages.end(); };
  const auto count = [&](std::string_view key) { return static_cast<std::size_t>(settings.integer(key)); };
  return {.candidates = has("candidates") ? count("scale.candidates") : 1,
          .validate = has("validate"),
          .select = has("select"),
          .enhance = has("enhance"),
          .polish = has("polish"),
          .pictures = count("scale.pictures"),
          .repairs = count("scale.repairs"),
          .tell = run.tell};
}

/// "rules", or the judges by their names.
std::string selector_name(const config::Settings& settings) {
  std::string names;
  for (const char* key : {"reward.llm_judge", "reward.mllm_judge"}) {
    const std::string name = settings.text(key);
    if (name != "none") names += (names.empty() ? "" : " and ") + name.substr(name.find('#') + 1);
  }
  return names.empty() ? "rules" : names;
}

/// The judge that sees, else the writer where it does, else the titles choose among pictures.
std::unique_ptr<scaling::PictureChooser> make_chooser(const Judges& judges, lm::LanguageModel& writer,
                                                      const std::string& prompt) {
  if (judges.mllm) return std::make_unique<scaling::SeeingChooser>(scaling::asking(*judges.mllm), prompt);
  if (writer.capabilities().sees) return std::make_unique<scaling::SeeingChooser>(scaling::asking(writer), prompt);
  return std::make_unique<scaling::TitleChooser>();
}

void keep(const scaling::ScaleReport& report, const std::filesystem::path& folder) {
  if (folder.empty()) return;
  if (const auto written = write_file(folder / store::kScaleFile, scaling::to_json(report) + "\n"); !written)
    tell("llmi: {} is not kept: {}\n", store::kScaleFile, written.error().message);
}

}  // namespace

bool scaling_is_on(const config::Settings& settings) { return settings.integer("scale.candidates") > 0; }

Result<scaling::Scaled> write_scaled(const ScaledRun& run, const RunContext& context, const agent::Services& services,
                                     const agent::Task& task, const document::EventSink& sink) {
  const config::Settings& settings = run.settings;
  scaling::Budget budget(task.limits);
  LLMI_TRY(const Judges judges, make_judges(settings, run.network, context.seed, context.stop,
                                            [&](std::unique_ptr<lm::LanguageModel> model, const std::string& name) {
                                              return std::make_unique<scaling::MeteredModel>(
                                                  std::move(model), token_prices(settings, name), budget);
                                            }));
  reward::PictureIntake intake;
  scaling::RewardSelector selector(
      {.llm = judges.llm.get(), .mllm = judges.mllm.get(), .intake = &intake, .name = selector_name(settings)});
  scaling::MeteredModel writer(*services.model, task.prices, budget);
  const auto chooser = make_chooser(judges, writer, task.prompt.value_or(""));
  const scaling::Means means{.budget = budget, .selector = selector, .chooser = *chooser};
  LLMI_TRY(scaling::Scaled scaled, scaling::write(context, services, task, scale_options(run), means, sink));
  keep(scaled.scale, run.folder);
  return scaled;
}

}  // namespace llmi::app
