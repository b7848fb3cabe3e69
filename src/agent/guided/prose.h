#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace llmi::agent {

/// GBNF (root rule `root`) of a number of sentences. `begun`: the first one's beginning is written already. Words are
/// letters of bounded length: left free, a small model runs words into each other. No digits: such a model makes them
/// up.
[[nodiscard]] std::string prose_grammar(std::size_t sentences, bool begun);

/// Tokens that many sentences can need.
[[nodiscard]] std::size_t prose_tokens(std::size_t sentences);

/// Drops an unfinished last sentence; empty when there is no whole one.
[[nodiscard]] std::string whole_sentences(std::string text);

/// How good sentences are: higher is better, below zero is not to be kept. Counts words of the subject's vocabulary;
/// marks down repetition of what the document says already, and what has no place in it (the writer, the reader, the
/// document itself).
[[nodiscard]] int prose_score(std::string_view sentences, std::string_view document,
                              const std::vector<std::string>& vocabulary);

}  // namespace llmi::agent
