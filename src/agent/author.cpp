#include "agent/author.h"

#include <algorithm>
#include <utility>

#include "agent/continuation.h"
#include "agent/guided/guided_author.h"
#include "agent/prompt.h"
#include "agent/spending.h"
#include "tag/grammar.h"
#include "tag/marks.h"
#include "tag/parser.h"

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
                              .max_tokens = writable_tokens(task)};
  return request;
}

/// Free text in which a tag can only be valid.
lm::Constraint tag_constraint(const std::vector<tag::Source>& tools) {
  return {.gbnf = tag::tag_gbnf({.tools = tools}),
          .trigger = std::string(tag::kTagBegin),
          .whole_gbnf = tag::answer_gbnf({.tools = tools}),
          .schema = tag::tag_json_schema({.tools = tools}),
          .end = std::string(tag::kTagEnd)};
}

/// Whether the model writes on where a text ends, in the middle of a sentence too.
bool continues(const lm::LanguageModel& model, const Task& task) {
  return model.capabilities().prefix && !is_guided(model, task);
}

/// The author's text as paragraphs of their own behind `so_far`.
Author behind(const std::string& so_far, Author author) {
  if (so_far.empty() || so_far.ends_with('\n')) return author;
  return [author = std::move(author)](const RunContext& context, const lm::TextSink& sink) {
    return author(context, [&, first = true](std::string_view piece) mutable {
      return sink(std::exchange(first, false) ? "\n\n" + std::string(piece) : std::string(piece));
    });
  };
}

/// The request for one tag, or an answer that may hold one.
lm::GenerateRequest tag_request(const lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                                lm::Message user, bool only_a_tag) {
  lm::GenerateRequest request = base_request(task, tools);
  request.messages.push_back(std::move(user));
  request.max_tokens = std::min(kRepairTokens, request.max_tokens);
  if (only_a_tag && model.capabilities().constrained) {
    request.constraint.gbnf = tag::tag_gbnf({.tools = tools});
  } else if (model.capabilities().lazy_constrained) {
    request.constraint = tag_constraint(tools);
  }
  return request;
}

}  // namespace

bool is_guided(const lm::LanguageModel& model, const Task& task) {
  const auto can = model.capabilities();
  return can.constrained && (task.guided == Guided::kOn || (task.guided == Guided::kAuto && can.guided_by_default));
}

std::string kept_part(const lm::LanguageModel& model, const Task& task, std::string_view answer) {
  const std::size_t length = continues(model, task) ? writable_length(answer) : whole_paragraphs_length(answer);
  return std::string(answer.substr(0, length));
}

Author make_author(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                   const std::string& so_far) {
  const auto can = model.capabilities();
  if (is_guided(model, task)) return behind(so_far, make_guided_author(model, task, tools, so_far));
  lm::GenerateRequest request = base_request(task, tools);
  lm::Message user{"user", task.prompt.value_or(""), {}};
  if (can.sees) {
    for (const InputPicture& input : task.inputs) user.pictures.push_back(input.picture);
  }
  request.messages.push_back(std::move(user));
  if (can.lazy_constrained && !tools.empty()) request.constraint = tag_constraint(tools);
  if (continues(model, task)) {
    request.assistant_prefix = so_far;
    return generate_author(model, std::move(request));
  }
  if (!so_far.empty()) {
    request.messages.push_back({"assistant", so_far, {}});
    request.messages.push_back({"user", go_on_prompt(), {}});
  }
  return behind(so_far, generate_author(model, std::move(request)));
}

Author make_repairer(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                     const std::string& faulty, const Fault& fault) {
  return generate_author(model,
                         tag_request(model, task, tools, {"user", repair_prompt(task, faulty, fault), {}}, true));
}

Author make_critic(lm::LanguageModel& model, const Task& task, const std::vector<tag::Source>& tools,
                   const tag::Tag& call, std::shared_ptr<const image::Picture> picture) {
  return generate_author(
      model, tag_request(model, task, tools, {"user", critic_prompt(task, call), {std::move(picture)}}, false));
}

std::expected<tag::Tag, Fault> tag_in_reply(std::string_view reply, std::size_t index, const Fault& otherwise) {
  Fault left = otherwise;
  for (tag::Item& item : tag::parse(reply, index)) {
    if (auto* found = std::get_if<tag::TagItem>(&item)) return std::move(found->tag);
    if (auto* faulty = std::get_if<tag::FaultItem>(&item)) left = std::move(faulty->fault);
  }
  return std::unexpected(std::move(left));
}

}  // namespace llmi::agent
