#include "agent/author.h"

#include <algorithm>
#include <utility>

#include "agent/guided/document_grammar.h"
#include "agent/guided/document_plan.h"
#include "agent/guided/prompt_facts.h"
#include "agent/prompt.h"
#include "tag/grammar.h"

namespace llmi::agent {
namespace {

constexpr std::size_t kRepairTokens = 1024;
// What "any" and "some" mean to a model that is told where its pictures go.
constexpr std::size_t kGuidedFigures = 3;
// A small model loses the thread in a long prompt.
constexpr std::size_t kGuidedPromptBytes = 2000;

Author generate_author(lm::LanguageModel& model, lm::GenerateRequest request) {
  return [&model, request = std::move(request)](const RunContext& context, const lm::TextSink& sink) {
    return model.generate(context, request, sink);
  };
}

lm::GenerateRequest base_request(const Task& task, const std::vector<tag::Source>& tools) {
  lm::GenerateRequest request{.messages = {{"system", system_prompt(task, tools), {}}},
                              .sampling = task.sampling,
                              .max_tokens = std::min(task.max_tokens, task.limits.max_model_tokens)};
  return request;
}

std::size_t guided_figures(const FigureCount& count) {
  switch (count.kind) {
    case FigureCount::Kind::kNone: return 0;
    case FigureCount::Kind::kExactly: return count.exactly;
    default: return kGuidedFigures;
  }
}

/// The document grammar of guided mode, with figures that the rules have planned.
Author guided_author(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools) {
  const PromptFacts facts = read_prompt(task.prompt.value_or(""));
  const auto figures = tools.empty() ? std::vector<PlannedFigure>{}
                                     : plan_figures(facts, task.prompt.value_or(""), guided_figures(task.figures), tools, task.find_pictures);
  lm::GenerateRequest request{
      .messages = {{"system", "You write clear and factual articles in plain words. Every paragraph says something new.", {}},
                   {"user", "Write an article. " + task.prompt.value_or("").substr(0, kGuidedPromptBytes), {}}},
      .constraint = {.gbnf = document_grammar(facts.topic, figures, task.inputs.size())},
      .sampling = {.temperature = std::min(task.sampling.temperature, 0.6), .top_p = 0.9, .top_k = 40, .min_p = 0.05,
                   .repeat_penalty = 1.05, .repeat_last_n = 128, .dry_multiplier = 0.8},
      .max_tokens = std::min({document_tokens(figures.size()), std::max(task.max_tokens, document_tokens(figures.size())), task.limits.max_model_tokens})};
  return generate_author(model, std::move(request));
}

}  // namespace

Author make_author(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools) {
  const auto can = model.capabilities();
  if (can.constrained && (task.guided == Guided::kOn || (task.guided == Guided::kAuto && can.guided_by_default)))
    return guided_author(model, task, tools);
  lm::GenerateRequest request = base_request(task, tools);
  lm::Message user{"user", task.prompt.value_or(""), {}};
  if (model.capabilities().sees) {
    for (const InputPicture& input : task.inputs) user.pictures.push_back(input.picture);
  }
  request.messages.push_back(std::move(user));
  if (model.capabilities().lazy_constrained && !tools.empty())
    request.constraint = {.gbnf = tag::tag_gbnf({.tools = tools}), .trigger = "<imgen>"};
  return generate_author(model, std::move(request));
}

Author make_repairer(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                     const std::string& faulty, const Fault& fault) {
  lm::GenerateRequest request = base_request(task, tools);
  request.messages.push_back({"user", repair_prompt(task, faulty, fault), {}});
  request.max_tokens = std::min(kRepairTokens, request.max_tokens);
  if (model.capabilities().constrained) request.constraint.gbnf = tag::tag_gbnf({.tools = tools});
  return generate_author(model, std::move(request));
}

}  // namespace llmi::agent
