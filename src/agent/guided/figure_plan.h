#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/guided/prompt_facts.h"
#include "agent/guided/subject.h"
#include "tag/tag.h"

namespace llmi::lexicon {
class Lexicon;
}

namespace llmi::agent {

/// Titles of pictures that a search for `query` would find, best first; empty when it finds nothing.
using FindPictures = std::function<std::vector<std::string>(std::string_view query)>;

/// Why a figure is in the document: what the text beside it has to say.
enum class Role : std::uint8_t {
  kSubject,  ///< A picture of what the document is about.
  kThing,    ///< A picture of a thing that the prompt names, or a kind or part of the subject.
  kWider,    ///< A picture of what the subject is a kind of.
  kData,     ///< A chart of the numbers that the prompt gives.
  kKinds,    ///< A diagram after the lexicon.
  kParts,
  kExamples,
  kIdeas,         ///< A diagram of what the prompt names.
  kIllustration,  ///< A chart whose numbers the model chooses.
  kEdit,
};

/// A figure that the document will have.
struct PlannedFigure {
  Role role = Role::kSubject;
  std::string thing;               ///< The noun shown, the chart's subject, or how the picture is changed.
  std::vector<std::string> names;  ///< Of a diagram or a chart: its labels.
  tag::Tag tag;                    ///< kIllustration: without its code.
};

struct FigurePlanRequest {
  const PromptFacts* facts = nullptr;
  const Subject* subject = nullptr;
  std::optional<std::size_t> exactly;  ///< Empty: as many as are worth it.
  std::size_t input_pictures = 0;
  std::vector<tag::Source> tools;
  const lexicon::Lexicon* lexicon = nullptr;  ///< May be null.
  FindPictures find;                          ///< May be empty: every search is taken to find something.
};

/// Decides, by rules, which figures a document gets: charts of the numbers that the prompt gives, charts and edits that
/// it asks for, pictures of what it names where such can be found, diagrams of what the lexicon knows. A picture of
/// something else is worse than none: only where a number of figures is asked for that all this does not reach, more
/// pictures of the same things and charts by the model fill the rest.
[[nodiscard]] std::vector<PlannedFigure> plan_figures(const FigurePlanRequest& request);

}  // namespace llmi::agent
