#include "doctor_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/paths.h"
#include "base/sha256.h"
#include "connections.h"
#include "image/decode.h"
#include "known_models.h"
#include "lexicon/lexicon.h"
#include "lm/llama/accelerators.h"
#include "open_model.h"
#include "render/render.h"
#include "search_setup.h"
#include "toolbox.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;

/// The result of one check; an empty problem means that it works.
struct Finding {
  std::string detail;
  std::string problem;
  std::string remedy;
  bool optional = false;  ///< The problem is no failure: something the user has not set up.
};

std::string_view status_of(const Finding& found) {
  if (found.problem.empty()) return "ok";
  return found.optional ? "off" : "failed";
}

struct Check {
  std::string_view name;
  Finding (*look)(const Program& program);
};

constexpr const char* kSetup = "./llmi setup";

Finding embedded_model(const Program& program) {
  const KnownModel& model = known_models().front();
  const auto sum = sha256_file(model_path(program.settings, model));
  if (!sum) return {.problem = sum.error().message, .remedy = kSetup};
  if (*sum != model.sha256)
    return {.problem = "the file's SHA-256 is not the recorded one", .remedy = "remove it and run ./llmi setup"};
  return {.detail = std::string(model.name)};
}

Finding language_model(const Program& program) {
  const auto network = make_network(program.settings);
  if (!network) return {.problem = network.error().message, .remedy = "correct the configuration"};
  const auto model = open_model({.stop = program.stop}, program.settings, **network);
  if (!model)
    return {.problem = model.error().message,
            .remedy = "choose another model (model.default or --model), or run ./llmi setup"};
  lm::GenerateRequest request{.messages = {{"user", "Say yes.", {}}}, .max_tokens = 4};
  const auto result =
      (*model)->generate({.stop = program.stop}, request, [](std::string_view) { return lm::Flow::kContinue; });
  if (!result) return {.problem = result.error().message, .remedy = kSetup};
  return {.detail = fmt::format("{} writes", (*model)->id())};
}

/// Memory that programs can have, in megabytes; 0 where the system does not say.
std::uint64_t available_memory() {
  std::ifstream facts("/proc/meminfo");
  for (std::string name; facts >> name;) {
    std::uint64_t kilobytes = 0;
    if (name == "MemAvailable:" && facts >> kilobytes) return kilobytes / 1024;
    facts.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return 0;
}

Finding larger_model(const Program& program) {
  const std::uint64_t memory = available_memory();
  const KnownModel& best = best_model_for(memory);
  const std::string room = fmt::format("{} MB of memory are free", memory);
  if (best.embedded()) return {.detail = room + ": the embedded model is the one that fits"};
  if (fs::exists(model_path(program.settings, best)))
    return {.detail = fmt::format("{}: the best that fits is here: --model {}", room, best.name)};
  return {.problem = fmt::format("{}: {} fits and writes far better", room, best.name),
          .remedy = fmt::format("llmi models fetch {} ({} MB)", best.name, best.megabytes),
          .optional = true};
}

Finding accelerator(const Program&) {
  std::string there;
  for (const lm::Accelerator& found : lm::accelerators())
    there += fmt::format("{}{} ({} of {} MB free)", there.empty() ? "" : ", ", found.name, found.free >> 20U,
                         found.memory >> 20U);
  if (!there.empty()) return {.detail = there + ": takes the layers that fit"};
  return {.detail = "none; models run on the processor (LLMI_GPU=cuda|vulkan ./llmi setup uses a graphics card)"};
}

Finding office(const Program&) {
  for (const std::string& format : render::known_formats()) {
    if (const auto can = render::check_formats({format}); !can)
      return {.problem = can.error().message, .remedy = kSetup, .optional = true};
  }
  return {.detail = fmt::format("{} can be made", fmt::join(render::known_formats(), ", "))};
}

Finding sandbox(const Program& program) {
  const auto made = make_code_tool(program.settings, nullptr);
  if (!made) return {.problem = made.error().message, .remedy = kSetup};
  tools::Tool* const tool = made->get();
  const auto availability = tool->availability();
  if (!availability.usable) return {.problem = availability.reason, .remedy = availability.remedy};
  const auto outcome =
      tool->run({.stop = program.stop}, {.tag = {.params = tag::CodeParams{"plt.bar(['a', 'b'], [1, 2])"}}});
  if (const Fault* fault = outcome.fault()) return {.problem = fault->message, .remedy = kSetup};
  return {.detail = "a plot was drawn in the sandbox"};
}

Finding pictures(const Program& program) {
  constexpr std::string_view kDot =
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle cx="4" cy="4" r="3"/></svg>)";
  const auto picture = image::decode_untrusted({.stop = program.stop}, kDot);
  if (!picture) return {.problem = picture.error().message, .remedy = kSetup};
  return {.detail = "pictures are decoded in a process of their own"};
}

Finding collections(const Program& program) {
  const auto corpora = make_corpora(program.settings)->list({.stop = program.stop});
  if (!corpora) return {.problem = corpora.error().message, .remedy = kSetup};
  std::string there;
  std::string missing;
  for (const store::CorpusInfo& info : *corpora) {
    if (info.present)
      there += fmt::format("{}{} ({} pictures)", there.empty() ? "" : ", ", info.spec.name, info.pictures);
    else
      missing += fmt::format("; {} is not there: {}", info.spec.name, info.reason);
  }
  if (there.empty())
    return {.problem = "there is no picture collection" + missing,
            .remedy = fmt::format("{}, or llmi corpus add DIR", kSetup)};
  return {.detail = there + missing};
}

Finding painter(const Program& program) {
  const auto network = make_network(program.settings);
  if (!network) return {.problem = network.error().message, .remedy = "correct the configuration"};
  const auto tool = make_diffusion_tool(program.settings, *network);
  if (!tool) return {.problem = tool.error().message, .remedy = "correct the configuration"};
  const auto availability = (*tool)->availability();
  return {.problem = availability.usable ? "" : availability.reason, .remedy = availability.remedy, .optional = true};
}

Finding words(const Program&) {
  const auto lexicon = lexicon::Lexicon::open();
  if (!lexicon) return {.problem = lexicon.error().message, .remedy = "apt-get install wordnet-base"};
  return {.detail = "the lexicon of English nouns is there"};
}

Finding math(const Program&) {
  if (::access("/usr/bin/blahtexml", X_OK) == 0) return {.detail = "formulas become MathML"};
  return {.problem = "blahtexml is missing: formulas are shown as TeX", .remedy = "apt-get install blahtexml"};
}

Finding folders(const Program& program) {
  std::string detail;
  for (const auto& [key, fallback] :
       {std::pair{"paths.data", data_folder()}, std::pair{"paths.cache", cache_folder()}}) {
    const std::string given = program.settings.text(key);
    const fs::path folder = given.empty() ? fallback : fs::path(given);
    const fs::path probe = folder / ".doctor";
    if (const auto written = write_file(probe, "x"); !written)
      return {.problem = written.error().message,
              .remedy = fmt::format("make {} writable or set {}", folder.string(), key)};
    std::error_code ignored;
    fs::remove(probe, ignored);
    detail += fmt::format("{}{}", detail.empty() ? "" : ", ", folder.string());
  }
  return {.detail = detail};
}

constexpr std::array kChecks{
    Check{"embedded model", embedded_model},
    Check{"language model", language_model},
    Check{"accelerator", accelerator},
    Check{"larger model", larger_model},
    Check{"code sandbox", sandbox},
    Check{"picture decoder", pictures},
    Check{"picture collections", collections},
    Check{"lexicon", words},
    Check{"diffusion", painter},
    Check{"formulas", math},
    Check{"formats", office},
    Check{"folders", folders},
};

void print(const Check& check, const Finding& found) {
  const bool ok = found.problem.empty();
  fmt::print("{:<6} {:<20} {}\n", status_of(found), check.name, ok ? found.detail : found.problem);
  if (!ok) fmt::print("{:<28}{}: {}\n", "", found.optional ? "instead" : "to fix it", found.remedy);
}

}  // namespace

Run declare_doctor(CLI::App&) {
  return [](Program& program) -> Result<int> {
    auto rows = nlohmann::ordered_json::array();
    bool green = true;
    for (const Check& check : kChecks) {
      const Finding found = check.look(program);
      green = green && status_of(found) != "failed";
      rows.push_back({{"name", check.name},
                      {"status", status_of(found)},
                      {"detail", found.detail},
                      {"problem", found.problem},
                      {"remedy", found.remedy}});
      if (!program.json) print(check, found);
    }
    if (program.json)
      fmt::print("{}\n", nlohmann::ordered_json{{"status", green ? "ok" : "failed"}, {"checks", rows}}.dump());
    return green ? 0 : 3;
  };
}

}  // namespace llmi::app
