#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace llmi::lexicon {
class Lexicon;
}

namespace llmi::agent {

/// GBNF (root rule `root`) of a number of sentences. `begun`: the first one's beginning is written already. Words are
/// letters of bounded length: left free, a small model runs words into each other. No digits: such a model makes them
/// up.
[[nodiscard]] std::string prose_grammar(std::size_t sentences, bool begun);

/// Tokens that many sentences can need.
[[nodiscard]] std::size_t prose_tokens(std::size_t sentences);

/// Drops an unfinished last sentence; empty when there is no whole one.
[[nodiscard]] std::string whole_sentences(std::string text);

/// What sentences are judged by.
struct ProseContext {
  std::string_view document;                  ///< What is written already.
  std::vector<std::string> vocabulary;        ///< Words of the subject.
  const lexicon::Lexicon* lexicon = nullptr;  ///< Tells words from non-words; may be null.
  bool names = false;                         ///< Words with a capital may be names.
};

/// How good sentences are: higher is better, below zero is not to be kept. Counts words of the subject's vocabulary;
/// marks down words that are none, repetition, sentences cut off in the middle, and what has no place in a document
/// (its writer, its reader, itself).
[[nodiscard]] int prose_score(std::string_view sentences, const ProseContext& context);

}  // namespace llmi::agent
