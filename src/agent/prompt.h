#pragma once

#include <string>
#include <vector>

#include "agent/session.h"
#include "base/fault.h"
#include "tag/tag.h"

namespace llmi::agent {

/// The system prompt for models that need no guiding: what the tags are, which tools are there, how many pictures are
/// wanted, which input pictures there are.
[[nodiscard]] std::string system_prompt(const Task& task, const std::vector<tag::Source>& tools);

/// Asks for one new tag in place of `faulty` (empty when the tag could not be read), and says what was wrong.
[[nodiscard]] std::string repair_prompt(const Task& task, const std::string& faulty, const Fault& fault);

/// Asks a model to go on with its own answer, which broke off.
[[nodiscard]] std::string go_on_prompt();

/// Asks whether the picture that is shown with it is what `call` was to bring: "ACCEPT", or one new tag.
[[nodiscard]] std::string critic_prompt(const Task& task, const tag::Tag& call);

}  // namespace llmi::agent
