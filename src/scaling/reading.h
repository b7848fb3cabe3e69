#pragma once

#include <string_view>

#include "document/document.h"

namespace llmi::scaling {

/// What rules can say of how well a document reads. All values lie in [0, 1]; 1 is best.
struct Reading {
  double topic = 0;      ///< The share of the prompt's words that the text takes up.
  double variety = 0;    ///< The share of runs of three words that come only once.
  double shape = 0;      ///< A title, paragraphs, a last sentence with an end: a third each.
  double substance = 0;  ///< Words, up to 200.
  double fit = 0;  ///< The mean share of a figure's description that the text around speaks of; 1 without figures.

  [[nodiscard]] double mean() const { return (topic + variety + shape + substance + fit) / 5; }
};

[[nodiscard]] Reading read_document(const document::Document& document, std::string_view prompt);

/// The share of the content words of `wanted` that are among those of `text`; 1 where it has none.
[[nodiscard]] double shared_words(std::string_view wanted, std::string_view text);

}  // namespace llmi::scaling
