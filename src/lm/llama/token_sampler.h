#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/random.h"
#include "lm/language_model.h"

namespace llmi::lm {

using Token = std::int32_t;

struct Candidate {
  Token token;
  float logit;
};

/// Says which tokens may come next. Not thread-safe.
class TokenFilter {
 public:
  virtual ~TokenFilter() = default;
  TokenFilter() = default;
  TokenFilter(const TokenFilter&) = delete;
  TokenFilter& operator=(const TokenFilter&) = delete;

  /// Moves the allowed candidates to the front, in their order; how many they are.
  [[nodiscard]] virtual std::size_t keep_allowed(std::span<Candidate> candidates) = 0;
};

/// Draws tokens from logits: penalties, top k, top p, min p, temperature, in this order. A filter is asked about the
/// drawn token first, and only when it refuses about as many others, best first, as can decide the draw: a model that
/// follows the rule by itself pays next to nothing for it. Deterministic for a seed. Not thread-safe.
class TokenSampler {
 public:
  /// `breakers`: tokens that a repetition may not reach across when it is counted for the DRY penalty, sorted.
  TokenSampler(const Sampling& sampling, std::uint64_t seed, std::vector<Token> breakers);

  /// The next token. `logits` (one a token of the vocabulary) is scratch afterwards. Empty when the filter allows none.
  [[nodiscard]] std::optional<Token> sample(std::span<float> logits, TokenFilter& filter);
  /// Tells that this token was written; the penalties look back at it.
  void accept(Token token) { written_.push_back(token); }

 private:
  void penalise_repeats(std::span<float> logits) const;
  void penalise_repetitions(std::span<float> logits) const;
  [[nodiscard]] std::size_t wanted(std::size_t vocabulary) const;
  [[nodiscard]] std::vector<Candidate> allowed(std::span<const float> logits, TokenFilter& filter) const;
  [[nodiscard]] bool decided(std::span<const Candidate> found, float next_logit, std::size_t enough) const;
  [[nodiscard]] Token draw(std::span<const Candidate> best);

  Sampling sampling_;
  Random random_;
  std::vector<Token> breakers_;
  std::vector<Token> written_;
};

}  // namespace llmi::lm
