#pragma once

#include <optional>
#include <string>

#include "agent/session.h"
#include "scaling/selector.h"
#include "scaling/version.h"

namespace llmi::scaling {

/// One of the answers among which is chosen.
struct Candidate {
  Version version;
  std::optional<std::string> dropped;  ///< Why it is out.
  std::optional<Judgement> judgement;
};

/// What speaks against making a plan: it broke off, has no text, a tag that cannot run, or another number of pictures
/// than the task asks for. Nothing: it is valid.
[[nodiscard]] std::optional<std::string> objection(const agent::Task& task, const Version& plan);

}  // namespace llmi::scaling
