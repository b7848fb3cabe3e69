#include "scaled_write.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "console.h"
#include "scaling/metered_model.h"
#include "scaling/rules_selector.h"
#include "scaling/scaling.h"
#include "scaling/seeing_chooser.h"
#include "store/run_files.h"

namespace llmi::app {
namespace {

scaling::Options scale_options(const Program& program) {
  const config::Settings& settings = program.settings;
  const auto stages = settings.list("scale.stages");
  const auto has = [&](std::string_view stage) { return std::ranges::find(stages, stage) != stages.end(); };
  const auto count = [&](std::string_view key) { return static_cast<std::size_t>(settings.integer(key)); };
  scaling::Options options{.candidates = has("candidates") ? count("scale.candidates") : 1,
                           .validate = has("validate"),
                           .select = has("select"),
                           .enhance = has("enhance"),
                           .polish = has("polish"),
                           .pictures = count("scale.pictures"),
                           .repairs = count("scale.repairs")};
  if (!program.json) options.tell = [](const std::string& line) { tell("llmi: {}\n", line); };
  return options;
}

void show(const Program& program, const scaling::ScaleReport& report, const std::filesystem::path& folder) {
  const std::string json = scaling::to_json(report);
  if (!folder.empty()) {
    if (const auto written = write_file(folder / store::kScaleFile, json + "\n"); !written)
      tell("llmi: {} is not kept: {}\n", store::kScaleFile, written.error().message);
  }
  if (program.json) {
    print("{}\n", json);
  } else {
    tell("{}", scaling::to_table(report));
  }
}

}  // namespace

bool scaling_is_on(const config::Settings& settings) { return settings.integer("scale.candidates") > 0; }

Result<agent::Report> write_scaled(const Program& program, const RunContext& context, const agent::Services& services,
                                   const agent::Task& task, const ScaledOutput& output) {
  scaling::Budget budget(task.limits);
  scaling::RulesSelector selector;
  scaling::MeteredModel eyes(*services.model, task.prices, budget);
  std::unique_ptr<scaling::PictureChooser> chooser = std::make_unique<scaling::TitleChooser>();
  if (eyes.capabilities().sees) chooser = std::make_unique<scaling::SeeingChooser>(eyes, task.prompt.value_or(""));
  const scaling::Means means{.budget = budget, .selector = selector, .chooser = *chooser};
  LLMI_TRY(scaling::Scaled scaled, scaling::write(context, services, task, scale_options(program), means, output.sink));
  show(program, scaled.scale, output.folder);
  return std::move(scaled.report);
}

}  // namespace llmi::app
