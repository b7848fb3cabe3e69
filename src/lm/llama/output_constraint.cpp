#include "lm/llama/output_constraint.h"

#include <llama.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

namespace llmi::lm {
namespace {

/// A regular expression that matches exactly this text.
std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace

void OutputConstraint::Free::operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }

OutputConstraint::OutputConstraint(const LoadedModel& model, Constraint constraint)
    : model_(model), constraint_(std::move(constraint)), trigger_pattern_(literal_pattern(constraint_.trigger)) {}
OutputConstraint::~OutputConstraint() = default;

Result<std::unique_ptr<OutputConstraint>> OutputConstraint::make(const LoadedModel& model, Constraint constraint,
                                                                 std::string_view prefix) {
  std::unique_ptr<OutputConstraint> made(new OutputConstraint(model, std::move(constraint)));
  LLMI_CHECK_OK(made->begin(prefix));
  return made;
}

Result<void> OutputConstraint::begin(std::string_view prefix) {
  if (constraint_.gbnf.empty()) return {};
  Grammar grammar = new_grammar();
  if (grammar == nullptr)
    return invalid_argument("the grammar cannot be read (its error is on standard error); it needs a rule named root");
  if (constraint_.trigger.empty()) {
    grammar_ = std::move(grammar);
    return {};
  }
  for (const Token token : model_.tokenize(prefix, false)) {
    Candidate candidate{token, 0};
    if (keep_allowed({&candidate, 1}) == 0)
      return invalid_argument("the beginning of the answer breaks the grammar after its trigger");
    accept(token);
  }
  return {};
}

OutputConstraint::Grammar OutputConstraint::new_grammar() const {
  const char* gbnf = constraint_.gbnf.c_str();
  if (constraint_.trigger.empty()) return Grammar(llama_sampler_init_grammar(model_.vocabulary(), gbnf, "root"));
  const char* pattern = trigger_pattern_.c_str();
  return Grammar(llama_sampler_init_grammar_lazy_patterns(model_.vocabulary(), gbnf, "root", &pattern, 1, nullptr, 0));
}

bool OutputConstraint::opens(Token token) const {
  return (recent_text_ + model_.piece(token)).find(constraint_.trigger) != std::string::npos;
}

/// The grammar after the recent tokens and this one, which completes the trigger; null when the part of this token that
/// goes beyond the trigger breaks the grammar.
OutputConstraint::Grammar OutputConstraint::opened_by(Token token) const {
  Grammar grammar = new_grammar();
  try {
    for (const Token earlier : recent_) llama_sampler_accept(grammar.get(), earlier);
    llama_sampler_accept(grammar.get(), token);
  } catch (const std::exception&) {
    return nullptr;
  }
  return grammar;
}

std::size_t OutputConstraint::keep_allowed(std::span<Candidate> candidates) {
  if (constraint_.gbnf.empty()) return candidates.size();
  if (grammar_ == nullptr) {
    const auto refused = std::stable_partition(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
      return !opens(candidate.token) || opened_by(candidate.token) != nullptr;
    });
    return static_cast<std::size_t>(refused - candidates.begin());
  }
  std::vector<llama_token_data> data(candidates.size());
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = {candidates[i].token, 0.0F, 0.0F};
  llama_token_data_array array{data.data(), data.size(), -1, false};
  llama_sampler_apply(grammar_.get(), &array);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    // A control token's name would satisfy a rule for text, but it is never printed.
    const bool silent = llama_vocab_is_control(model_.vocabulary(), candidates[i].token) &&
                        !llama_vocab_is_eog(model_.vocabulary(), candidates[i].token);
    if (!std::isinf(data[i].logit) && !silent) std::swap(candidates[kept++], candidates[i]);
  }
  return kept;
}

bool OutputConstraint::may_end(llama_sampler* grammar) const {
  Token end = llama_vocab_eot(model_.vocabulary());
  if (end < 0) end = llama_vocab_eos(model_.vocabulary());
  if (end < 0) return false;
  llama_token_data data{end, 0.0F, 0.0F};
  llama_token_data_array array{&data, 1, -1, false};
  llama_sampler_apply(grammar, &array);
  return !std::isinf(data.logit);
}

void OutputConstraint::accept(Token token) {
  if (constraint_.gbnf.empty() || llama_vocab_is_eog(model_.vocabulary(), token)) return;
  if (grammar_ != nullptr) {
    llama_sampler_accept(grammar_.get(), token);
  } else if (opens(token)) {
    grammar_ = opened_by(token);
    recent_.clear();
    recent_text_.clear();
  } else {
    remember(token);
  }
  if (grammar_ != nullptr && !constraint_.trigger.empty() && may_end(grammar_.get())) grammar_ = nullptr;
}

void OutputConstraint::remember(Token token) {
  if (llama_vocab_is_control(model_.vocabulary(), token)) {
    recent_.clear();
    recent_text_.clear();
    return;
  }
  recent_.push_back(token);
  recent_text_ += model_.piece(token);
  while (!recent_.empty()) {
    const std::size_t first = model_.piece(recent_.front()).size();
    if (recent_text_.size() - first < constraint_.trigger.size() - 1) break;
    recent_.erase(recent_.begin());
    recent_text_.erase(0, first);
  }
}

}  // namespace llmi::lm
