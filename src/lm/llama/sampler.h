#pragma once

#include <llama.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "lm/language_model.h"

namespace llmi::lm {

struct FreeSampler {
  void operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }
};
using SamplerPtr = std::unique_ptr<llama_sampler, FreeSampler>;

/// A grammar over the output: from its first token, or from each occurrence of a trigger to the grammar's end. Not
/// thread-safe.
class GrammarGate {
 public:
  /// Errors: kInvalidArgument for a grammar that llama.cpp cannot read.
  [[nodiscard]] static Result<GrammarGate> make(const llama_vocab* vocab, const Constraint& constraint);

  /// Whether a grammar holds the next token.
  [[nodiscard]] bool active() const { return grammar_ != nullptr; }
  /// Sets the logits of the candidates the grammar forbids to minus infinity. Only while active.
  void apply(llama_token_data_array& candidates) const { llama_sampler_apply(grammar_.get(), &candidates); }
  [[nodiscard]] bool allows(llama_token token) const;
  /// The token was chosen; `piece` is its text.
  void accept(llama_token token, const std::string& piece);

 private:
  GrammarGate(const llama_vocab* vocab, Constraint constraint) : vocab_(vocab), constraint_(std::move(constraint)) {}
  void watch_for_trigger(llama_token token, const std::string& piece);
  void leave_when_complete();

  struct Recent {
    llama_token token;
    std::string piece;
  };

  const llama_vocab* vocab_;
  Constraint constraint_;
  SamplerPtr grammar_;
  std::vector<Recent> recent_;  ///< The last free tokens, as many as a trigger can span.
};

/// Chooses the next token from the logits: candidates, grammar, penalties, truncation, draw. Not thread-safe.
class TokenSampler {
 public:
  TokenSampler(const llama_model* model, const Sampling& sampling, std::uint64_t seed, GrammarGate gate);

  /// The next token for the last decoded position of `context`; it is accepted.
  llama_token next(llama_context* context);

 private:
  [[nodiscard]] llama_token draw(bool with_grammar);
  void gather(const float* logits, float margin);

  const llama_vocab* vocab_;
  SamplerPtr chain_;
  GrammarGate gate_;
  std::vector<llama_token_data> candidates_;
  std::vector<llama_token_data> drawn_;
};

/// The text of a token, as bytes.
[[nodiscard]] std::string piece_of(const llama_vocab* vocab, llama_token token);

}  // namespace llmi::lm
