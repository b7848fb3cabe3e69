#include "eval_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "connections.h"
#include "console.h"
#include "scaled_write.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

Result<ScaleSetting> read_scale(const config::Settings& settings, const std::string& text) {
  ScaleSetting scale{.name = text, .folder = "scale-" + text, .settings = settings};
  const std::size_t colon = text.find(':');
  LLMI_CHECK_OK(scale.settings.set_flag("scale.candidates", text.substr(0, colon)));
  if (colon != std::string::npos) {
    std::string stages = text.substr(colon + 1);
    std::ranges::replace(stages, '+', ',');
    LLMI_CHECK_OK(scale.settings.set_flag("scale.stages", stages));
  }
  for (char& c : scale.folder)
    if (c == ':' || c == '+') c = '-';
  return scale;
}

/// The file's name; empty where nothing was drawn, which is said.
Result<std::string> draw_curve(const Program& program, std::span<const eval::ArmRows> arms, const fs::path& out) {
  const auto code = eval::tradeoff_plot(arms);
  if (!code) return "";
  LLMI_TRY(const auto network, make_network(program.settings));
  LLMI_TRY(const auto tool, make_svg_code_tool(program.settings, network));
  const RunContext context{.stop = program.stop};
  const tools::Outcome outcome = tool->run(context, {.tag = {.params = tag::CodeParams{*code}}});
  if (const Fault* fault = outcome.fault()) {
    tell("llmi: the curve could not be drawn: {}\n", fault->message);
    return "";
  }
  std::string name = "scaling.svg";
  LLMI_CHECK_OK(write_file(out / name, outcome.made()->picture.bytes));
  return name;
}

}  // namespace

Result<std::vector<ScaleSetting>> read_scales(const config::Settings& settings, std::span<const std::string> texts) {
  std::vector<ScaleSetting> scales;
  for (const std::string& text : texts) {
    LLMI_TRY(ScaleSetting scale, read_scale(settings, text));
    if (std::ranges::find(scales, scale.folder, &ScaleSetting::folder) != scales.end())
      return invalid_argument(fmt::format("--scale: {} is there twice", text));
    scales.push_back(std::move(scale));
  }
  return scales;
}

eval::Write scaled_writing(const ScaleSetting& scale, net::Network& network) {
  return [&](const RunContext& context, const agent::Services& services, const agent::Task& task,
             const document::EventSink& sink, const fs::path& folder) -> Result<agent::Report> {
    if (!scaling_is_on(scale.settings)) return agent::write(context, services, task, sink);
    LLMI_TRY(scaling::Scaled scaled, write_scaled({.settings = scale.settings, .network = network, .folder = folder},
                                                  context, services, task, sink));
    return std::move(scaled.report);
  };
}

Result<void> write_tradeoff(const Program& program, std::span<const eval::Arm> arms, std::uint64_t seed,
                            const fs::path& out) {
  const std::vector<eval::ArmRows> rows = eval::compare_arms(arms, seed);
  const std::string json = eval::tradeoff_json(rows);
  LLMI_CHECK_OK(write_file(out / "scaling.json", json));
  LLMI_TRY(const std::string curve, draw_curve(program, rows, out));
  LLMI_CHECK_OK(write_file(out / "scaling.html", eval::tradeoff_html(rows, curve)));
  if (program.json) {
    print("{}\n", nlohmann::ordered_json::parse(json).dump());
  } else {
    print("{}", eval::tradeoff_table(rows));
    tell("llmi: {}\n", (out / "scaling.html").string());
  }
  return {};
}

}  // namespace llmi::app
