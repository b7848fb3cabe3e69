#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/session.h"
#include "base/run_context.h"
#include "lm/language_model.h"

namespace llmi::agent {

/// Writes the answer: hands its text to the sink piece by piece. Runs on a thread of its own.
using Author = std::function<Result<lm::GenerateResult>(const RunContext&, const lm::TextSink&)>;

/// The author for a task: the model unaided with its tags constrained where the backend can, or in guided mode held to a
/// document grammar. `model` outlives the author.
[[nodiscard]] Author make_author(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools);

/// Asks for one new tag in place of a faulty one. The author's text is the reply.
[[nodiscard]] Author make_repairer(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                                   const std::string& faulty, const Fault& fault);

}  // namespace llmi::agent
