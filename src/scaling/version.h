#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/session.h"
#include "base/deadline.h"
#include "base/run_context.h"
#include "document/document.h"
#include "document/event.h"

namespace llmi::scaling {

/// One version of the document: an answer and what a session made of it.
struct Version {
  std::uint64_t seed = 0;
  bool made = false;  ///< Its tools ran; else its tags are only planned.
  document::Document document;
  std::vector<document::Event> events;      ///< Of its session, pictures included. Empty for a plan.
  std::vector<agent::PlannedCall> planned;  ///< Of a plan.
  std::optional<Error> error;
  Clock::time_point begin;  ///< Of its session.

  /// Pictures that are there; of a plan, that would be called for.
  [[nodiscard]] std::size_t pictures() const;
  [[nodiscard]] std::vector<const document::FigureBlock*> figures() const;
};

/// Lets the model write an answer; no tool is called. Errors: as agent::write.
[[nodiscard]] Result<Version> plan_version(const RunContext& context, const agent::Services& services,
                                           const agent::Task& task);

/// Lets the model write an answer and the tools run. `live` gets the events as they come. Errors: as agent::write.
[[nodiscard]] Result<Version> write_version(const RunContext& context, const agent::Services& services,
                                            const agent::Task& task, const document::EventSink& live);

/// Runs the tools of an answer that is there. Errors: as agent::render.
[[nodiscard]] Result<Version> make_version(const RunContext& context, const agent::Services& services,
                                           const agent::Task& task, const std::string& answer,
                                           const document::EventSink& live);

/// The figures of a version whose tools ran, by their index.
[[nodiscard]] std::map<std::size_t, document::FigureReady> ready_figures(const Version& version);

/// Where a picture is the one that `earlier` has at the same place, it comes from there: how it was made is what was
/// done then, not that it was taken over. Returns how many pictures are others.
std::size_t take_over(Version& version, const Version& earlier);

}  // namespace llmi::scaling
