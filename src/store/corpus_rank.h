#pragma once

#include <set>
#include <string>
#include <string_view>

#include "store/corpus_index.h"
#include "store/corpus_query.h"
#include "store/corpus_words.h"

namespace llmi::store {

/// Order of pictures that all fit a query: those first whose title says this and nothing else, and whose title's noun
/// is the query's. Then small preferences: the user's own pictures, colour before line art, photographs before
/// cartoons, large before tiny.
class Ranking {
 public:
  /// `hint`: more words about the wanted picture; it only orders pictures that fit the query. All references
  /// must outlive the ranking.
  Ranking(const Query& query, std::string_view hint, WordReader& reader);

  /// Higher is better, about 0.5 … 1.7; 0: does not fit after all.
  [[nodiscard]] double score(const IndexedPicture& found, bool packaged) const;

 private:
  struct Closeness {
    double precise = 0;  ///< Part of the text's words that the query has as well.
    bool head = false;   ///< The text is about what the query is about.
  };
  /// The best of the lines of a text.
  [[nodiscard]] Closeness closeness(std::string_view text, std::size_t language) const;
  [[nodiscard]] Closeness line_closeness(std::string_view line, std::size_t language) const;
  /// Number of the query's word that this word is a form of; the number of words when there is none.
  [[nodiscard]] std::size_t matched(const std::string& word, std::size_t language) const;
  [[nodiscard]] double hint_share(std::string_view title) const;

  const Query& query_;
  WordReader& reader_;
  std::set<std::string> hint_stems_;
  bool asks_for_signs_ = false;
};

}  // namespace llmi::store
