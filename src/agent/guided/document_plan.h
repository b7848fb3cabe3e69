#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/guided/prompt_facts.h"
#include "tag/tag.h"

namespace llmi::agent {

/// Titles of pictures that a search for `query` would find, best first; empty when it finds nothing.
using FindPictures = std::function<std::vector<std::string>(std::string_view query)>;

/// A figure that the document will have: its tag, fixed but for what the model may fill in.
struct PlannedFigure {
  tag::Source source = tag::Source::kSearch;
  std::string description;
  std::string query;                    ///< kSearch.
  std::string chart_title;              ///< kCode.
  std::vector<GivenValue> values;       ///< kCode: what to plot; empty: the model chooses labels and values.
  std::string unit;
  std::size_t parent = 0;               ///< kEdit.
  std::string instruction;              ///< kEdit.
};

/// Decides, by rules, which figures a document gets: charts of the numbers that the prompt gives, charts it asks for,
/// pictures of the real things it names that can be found, edits it asks for; charts of its topic for the rest.
[[nodiscard]] std::vector<PlannedFigure> plan_figures(const PromptFacts& facts, std::string_view prompt, std::size_t count,
                                                      const std::vector<tag::Source>& tools, const FindPictures& find);

}  // namespace llmi::agent
