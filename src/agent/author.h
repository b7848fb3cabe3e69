#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session.h"
#include "base/run_context.h"
#include "lm/language_model.h"

namespace llmi::agent {

/// Writes the answer: hands its text to the sink piece by piece. Runs on a thread of its own.
using Author = std::function<Result<lm::GenerateResult>(const RunContext&, const lm::TextSink&)>;

/// Whether the model is held to a document grammar for this task: it adds sentences and writes no answer of its own.
[[nodiscard]] bool is_guided(const lm::LanguageModel& model, const Task& task);

/// The author for a task: the model unaided with its tags constrained where the backend can, or in guided mode held to
/// a document grammar. It goes on behind `so_far`, of which kept_part() says how much it can take up. `model` outlives
/// the author.
[[nodiscard]] Author make_author(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                                 const std::string& so_far = "");

/// The part of a broken-off answer that the author for the task can go on behind.
[[nodiscard]] std::string kept_part(const lm::LanguageModel& model, const Task& task, std::string_view answer);

/// Asks for one new tag in place of a faulty one. The author's text is the reply.
[[nodiscard]] Author make_repairer(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                                   const std::string& faulty, const Fault& fault);

/// Shows the picture that a tag led to: the author's text accepts it or is one new tag. For models that see.
[[nodiscard]] Author make_critic(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                                 const tag::Tag& call, std::shared_ptr<const image::Picture> picture);

/// The tag in a repairer's or critic's reply; else the fault of what it tried, `otherwise` where it tried nothing.
[[nodiscard]] std::expected<tag::Tag, Fault> tag_in_reply(std::string_view reply, std::size_t index,
                                                          const Fault& otherwise);

}  // namespace llmi::agent
