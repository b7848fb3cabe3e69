#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "agent/guided/figure_plan.h"
#include "agent/guided/prompt_facts.h"
#include "agent/guided/subject.h"

namespace llmi::lexicon {
class Lexicon;
}

namespace llmi::agent {

/// A paragraph: what the rules say, then what the model adds.
struct Paragraph {
  std::string lead;                     ///< Whole sentences that the rules know to be true; may be empty.
  std::string start;                    ///< The words the model's first sentence begins with; may be empty.
  std::size_t sentences = 0;            ///< How many the model adds.
  bool names = false;                   ///< Names may be made up: a story.
  std::vector<std::string> vocabulary;  ///< Words that show that a sentence keeps to its subject.
};

struct Section {
  std::string heading;  ///< Empty: none.
  Paragraph paragraph;
  std::optional<std::size_t> figure;  ///< Index into the plan.
};

/// A document before the model has added its sentences.
struct Outline {
  std::string title;
  std::vector<Section> sections;
};

/// `lexicon` may be null.
[[nodiscard]] Outline make_outline(const PromptFacts& facts, const Subject& subject,
                                   const std::vector<PlannedFigure>& figures, const lexicon::Lexicon* lexicon);

}  // namespace llmi::agent
