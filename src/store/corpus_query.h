#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lexicon/lexicon.h"
#include "store/corpus_words.h"

namespace llmi::store {

/// Columns of the index: four for texts in an unknown language, one for each language, one for all others.
enum Column : std::size_t { kTitle, kName, kPlace, kDescription, kFirstLanguage };
inline constexpr std::size_t kOtherLanguages = kFirstLanguage + kLanguages.size();
inline constexpr std::size_t kColumns = kOtherLanguages + 1;

/// How many pictures hold a term, by column.
using Frequencies = std::array<std::uint32_t, kColumns>;

/// What the query analysis asks the indexes.
class Vocabulary {
 public:
  virtual ~Vocabulary() = default;
  [[nodiscard]] virtual Frequencies frequencies(std::string_view term) = 0;
  /// Words with the same first letter that one slip of the finger turns into `word` (one_slip_apart), each with the
  /// number of pictures that hold it.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::uint32_t>> one_slip_from(std::string_view word) = 0;
  [[nodiscard]] virtual std::size_t pictures() const = 0;
};

/// A word of a query and what it weighs.
struct QueryWord {
  std::string text;
  double weight = 1;
  bool core = true;        ///< Belongs to what the picture must show, not to its surroundings.
  bool adjective = false;  ///< Describes only: need not be there.
};

/// A term of the index that stands for words [first, last] of the query.
struct QueryForm {
  std::string term;
  std::size_t first = 0;
  std::size_t last = 0;
  LanguageSet languages = 0;  ///< For stems: the languages that make this stem; 0: the word as it is written.
  double trust = 1;           ///< Less than 1: not what was asked for, but most likely what was meant.
};

/// A query taken apart.
struct Query {
  static constexpr std::size_t kNoHead = ~std::size_t{0};

  std::vector<QueryWord> words;
  std::vector<QueryForm> forms;
  std::size_t language = kLanguages.size();  ///< kLanguages.size(): unknown.
  std::size_t head =
      kNoHead;  ///< The word without which nothing fits; kNoHead: no word is more important than the others.
  bool guessed_head = false;  ///< Nobody knows the real head: only a picture that shows just this one fits.
  bool exact = false;  ///< All of the core must be there: it asks for one particular thing ("Golden Gate Bridge").
  bool kinds = false;  ///< Asks for a kind of things: only pictures whose title is about one of them fit.
  std::string thing;   ///< The core as one phrase, without adjectives in front: "bird of prey".
};

/// The index term for a stem.
[[nodiscard]] std::string stem_term(std::string_view stem);

/// Finds out the language of a query, what it asks for ("red fire engine" in "a photo of a red fire engine in the
/// rain"), which word carries the meaning, and all terms that may stand for its words. A query that nothing can fit has
/// no words. `english`, which may be null, tells slips of the finger, which are corrected, from words that no picture
/// has, and English words from those whose stem another language has by chance.
[[nodiscard]] Query analyse_query(std::string_view text, WordReader& reader, Vocabulary& vocabulary,
                                  const lexicon::Lexicon* english);

/// What to look for when nothing fits `query`: things of the kind that it asks for ("footwear": shoes, boots). Without
/// forms when it is no kind of things that pictures show.
[[nodiscard]] Query analyse_kinds(const Query& query, WordReader& reader, Vocabulary& vocabulary,
                                  const lexicon::Lexicon& english);

}  // namespace llmi::store
