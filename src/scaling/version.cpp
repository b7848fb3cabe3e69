#include "scaling/version.h"

#include <functional>
#include <utility>

#include "document/builder.h"

namespace llmi::scaling {
namespace {

using Play = std::function<Result<agent::Report>(const document::EventSink&)>;

/// Keeps what the session says, and says it on.
Result<Version> record(const RunContext& context, const document::EventSink& live, const Play& play) {
  Version version{.seed = context.seed, .made = true, .begin = Clock::now()};
  LLMI_TRY(agent::Report report, play([&](const document::Event& event) {
             version.events.push_back(event);
             if (live) live(event);
           }));
  version.document = std::move(report.document);
  version.error = std::move(report.error);
  return version;
}

void rebuild(Version& version) {
  document::Builder builder;
  for (const document::Event& event : version.events) builder.add(event);
  version.document = builder.build();
}

}  // namespace

std::size_t Version::pictures() const {
  if (!made) return planned.size();
  std::size_t count = 0;
  for (const document::FigureBlock* figure : figures()) count += figure->ready() != nullptr ? 1 : 0;
  return count;
}

std::vector<const document::FigureBlock*> Version::figures() const {
  std::vector<const document::FigureBlock*> found;
  for (const document::Block& block : document.blocks) {
    if (const auto* figure = std::get_if<document::FigureBlock>(&block)) found.push_back(figure);
  }
  return found;
}

Result<Version> plan_version(const RunContext& context, const agent::Services& services, const agent::Task& task) {
  agent::Task plan = task;
  plan.dry_run = true;
  const auto begin = Clock::now();
  LLMI_TRY(agent::Report report, agent::write(context, services, plan, [](const document::Event&) {}));
  return Version{.seed = context.seed,
                 .document = std::move(report.document),
                 .planned = std::move(report.planned),
                 .error = std::move(report.error),
                 .begin = begin};
}

Result<Version> write_version(const RunContext& context, const agent::Services& services, const agent::Task& task,
                              const document::EventSink& live) {
  return record(context, live,
                [&](const document::EventSink& sink) { return agent::write(context, services, task, sink); });
}

Result<Version> make_version(const RunContext& context, const agent::Services& services, const agent::Task& task,
                             const std::string& answer, const document::EventSink& live) {
  return record(context, live,
                [&](const document::EventSink& sink) { return agent::render(context, services, task, answer, sink); });
}

std::map<std::size_t, document::FigureReady> ready_figures(const Version& version) {
  std::map<std::size_t, document::FigureReady> found;
  for (const document::Event& event : version.events) {
    if (const auto* ready = std::get_if<document::FigureReady>(&event.body)) found[ready->index] = *ready;
  }
  return found;
}

std::size_t take_over(Version& version, const Version& earlier) {
  const auto before = ready_figures(earlier);
  std::size_t others = 0;
  for (document::Event& event : version.events) {
    auto* ready = std::get_if<document::FigureReady>(&event.body);
    if (ready == nullptr) continue;
    const auto same = before.find(ready->index);
    if (same == before.end() || same->second.figure.sha256 != ready->figure.sha256) {
      ++others;
      continue;
    }
    // The file's name follows the description, which may be another one.
    std::string file = std::move(ready->figure.file);
    ready->figure = same->second.figure;
    ready->figure.file = std::move(file);
  }
  rebuild(version);
  return others;
}

}  // namespace llmi::scaling
