#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lm/language_model.h"
#include "lm/llama/loaded_model.h"
#include "lm/llama/token_sampler.h"

struct llama_sampler;

namespace llmi::lm {

/// Holds one output to its Constraint. Lazy ones are free until the trigger, inside the grammar until it may end, and
/// free again until the next trigger. A token may run across a trigger's edges: its part from the trigger on is then
/// the first thing that the grammar reads, and a token whose part breaks the grammar is refused. Not thread-safe.
class OutputConstraint final : public TokenFilter {
 public:
  /// `prefix`: the part of the answer that is already written, in which a lazy constraint looks for its trigger. The
  /// model must outlive the constraint. Errors: kInvalidArgument when the grammar cannot be read, or the prefix breaks
  /// it.
  [[nodiscard]] static Result<std::unique_ptr<OutputConstraint>> make(const LoadedModel& model, Constraint constraint,
                                                                      std::string_view prefix);
  ~OutputConstraint() override;

  [[nodiscard]] std::size_t keep_allowed(std::span<Candidate> candidates) override;
  /// Takes a token that keep_allowed() kept. Tokens that end the turn need not be told.
  void accept(Token token);
  /// True while a grammar holds the output.
  [[nodiscard]] bool inside() const { return grammar_ != nullptr; }

 private:
  struct Free {
    void operator()(llama_sampler* sampler) const;
  };
  using Grammar = std::unique_ptr<llama_sampler, Free>;

  OutputConstraint(const LoadedModel& model, Constraint constraint);
  Result<void> begin(std::string_view prefix);
  [[nodiscard]] Grammar new_grammar() const;
  [[nodiscard]] Grammar opened_by(Token token) const;
  [[nodiscard]] bool may_end(llama_sampler* grammar) const;
  [[nodiscard]] bool opens(Token token) const;
  void remember(Token token);

  const LoadedModel& model_;
  Constraint constraint_;
  std::string trigger_pattern_;
  Grammar grammar_;            // null: free
  std::vector<Token> recent_;  // while free: the latest tokens, enough to hold all but the last byte of a trigger
  std::string recent_text_;
};

}  // namespace llmi::lm
