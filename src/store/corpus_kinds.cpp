#include "store/corpus_kinds.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

namespace llmi::store {
namespace {

using lexicon::Lexicon;
using lexicon::Meaning;
using lexicon::Relation;

constexpr std::size_t kMostKinds = 200;
constexpr std::array<std::string_view, 7> kPictured{"animal", "artifact", "body", "food", "object", "plant", "person"};

bool can_be_pictured(const Meaning& meaning) {
  return std::ranges::find(kPictured, meaning.category) != kPictured.end();
}

bool means_first(const Lexicon& english, const std::string& word, const Meaning& meaning) {
  const std::vector<Meaning> meanings = english.meanings(word);
  return !meanings.empty() && meanings.front().definition == meaning.definition;
}

}  // namespace

std::vector<std::string> words_for_kinds(const Lexicon& english, std::string_view noun,
                                         const std::function<bool(const std::string&)>& wanted) {
  std::vector<Meaning> kinds;
  for (const Meaning& meaning : english.meanings(noun))
    if (can_be_pictured(meaning))
      for (Meaning& kind : english.related(meaning, Relation::kKinds)) kinds.push_back(std::move(kind));
  std::set<std::string> seen;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < kinds.size() && i < kMostKinds; ++i) {
    for (const std::string& word : kinds[i].words)
      if (word.find(' ') == std::string::npos && seen.insert(word).second && wanted(word) &&
          means_first(english, word, kinds[i]))
        words.push_back(word);
    for (Meaning& kind : english.related(kinds[i], Relation::kKinds)) kinds.push_back(std::move(kind));
  }
  return words;
}

}  // namespace llmi::store
