#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmi::lexicon {
class Lexicon;
}

namespace llmi::agent {

/// What the lexicon knows of a noun, ready for a document. Everything is empty when it knows nothing.
struct Subject {
  std::string noun;                   ///< Base form: "volcano".
  std::string definition;             ///< "a fissure in the earth's crust through which molten lava and gases erupt".
  bool concrete = false;              ///< It can be seen.
  bool counted = false;               ///< "a bee", not "honey".
  std::string sentence;               ///< "A volcano is a fissure in … erupt."
  std::vector<std::string> kinds;     ///< Familiar names first; at most seven of each sort.
  std::vector<std::string> examples;  ///< Named ones: "Etna".
  std::vector<std::string> parts;
  std::vector<std::string> wider;  ///< What it is a kind of: "mountain".

  [[nodiscard]] bool known() const { return !definition.empty(); }
};

/// `lexicon` may be null.
[[nodiscard]] Subject describe(const lexicon::Lexicon* lexicon, std::string_view noun);

/// The subject of a topic such as "the history of steam engines in England": the longest phrase in it that the lexicon
/// knows, else what it knows of the first of `things`; unknown when there is none.
[[nodiscard]] Subject find_subject(const lexicon::Lexicon* lexicon, std::string_view topic,
                                   const std::vector<std::string>& things);

}  // namespace llmi::agent
