#include "agent/author.h"

#include <algorithm>
#include <utility>

#include "agent/guided/guided_author.h"
#include "agent/prompt.h"
#include "tag/grammar.h"
#include "tag/marks.h"

namespace llmi::agent {
namespace {

constexpr std::size_t kRepairTokens = 1024;
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

/// Free text in which a tag can only be valid.
lm::Constraint tag_constraint(const std::vector<tag::Source>& tools) {
  return {.gbnf = tag::tag_gbnf({.tools = tools}),
          .trigger = std::string(tag::kTagBegin),
          .schema = tag::tag_json_schema({.tools = tools}),
          .end = std::string(tag::kTagEnd)};
}

}  // namespace

Author make_author(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools) {
  const auto can = model.capabilities();
  if (can.constrained && (task.guided == Guided::kOn || (task.guided == Guided::kAuto && can.guided_by_default)))
    return make_guided_author(model, task, tools);
  lm::GenerateRequest request = base_request(task, tools);
  lm::Message user{"user", task.prompt.value_or(""), {}};
  if (model.capabilities().sees) {
    for (const InputPicture& input : task.inputs) user.pictures.push_back(input.picture);
  }
  request.messages.push_back(std::move(user));
  if (model.capabilities().lazy_constrained && !tools.empty()) request.constraint = tag_constraint(tools);
  return generate_author(model, std::move(request));
}

Author make_repairer(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                     const std::string& faulty, const Fault& fault) {
  lm::GenerateRequest request = base_request(task, tools);
  request.messages.push_back({"user", repair_prompt(task, faulty, fault), {}});
  request.max_tokens = std::min(kRepairTokens, request.max_tokens);
  if (model.capabilities().constrained) {
    request.constraint.gbnf = tag::tag_gbnf({.tools = tools});
  } else if (model.capabilities().lazy_constrained) {
    request.constraint = tag_constraint(tools);
  }
  return generate_author(model, std::move(request));
}

}  // namespace llmi::agent
