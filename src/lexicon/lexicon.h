#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "lexicon/mapped_file.h"

namespace llmi::lexicon {

/// How one meaning leads to another.
enum class Relation : std::uint8_t {
  kWider,       ///< What it is a kind or an instance of: volcano -> mountain.
  kKinds,       ///< Its kinds: bee -> honeybee, bumblebee.
  kInstances,   ///< Named examples: volcano -> Mount Etna.
  kParts,       ///< What it has: car -> wheel.
  kMembers,     ///< What belongs to it: fleet -> ship.
  kSubstances,  ///< What it is made of: bread -> flour.
  kWholes,      ///< What it is a part of: wheel -> car.
  kTopicTerms,  ///< What belongs to the field: football -> kickoff.
};

/// One meaning of a noun.
struct Meaning {
  std::string word;  ///< The base form that was asked for ("volcano" for "Volcanoes"), else the usual word.
  std::vector<std::string> words;  ///< Synonyms, the usual one first; words of a phrase are separated by spaces.
  std::string category;            ///< Of things: "animal", "artifact", "person", "location", "event", …
  std::string definition;          ///< One phrase without examples: "a mountain formed by volcanic material".
  struct Link {
    Relation relation;
    std::uint32_t target;
  };
  std::vector<Link> links;  ///< To be followed with Lexicon::related.
};

/// English nouns with what they mean and what they are related to, read from WordNet 3.0's database (Debian package
/// wordnet-base; format: man wndb(5WN)). Immutable; thread-safe. A damaged database yields fewer meanings, never a
/// crash.
class Lexicon {
 public:
  /// Maps the database in `folder`. Errors: kNotFound, kUnreadable.
  [[nodiscard]] static Result<Lexicon> open(const std::filesystem::path& folder = "/usr/share/wordnet");

  /// Meanings of a noun or noun phrase, the most frequent first; case and plural do not matter. Empty when unknown.
  [[nodiscard]] std::vector<Meaning> meanings(std::string_view noun) const;

  /// Whether it is an English word of any kind, inflected or not.
  [[nodiscard]] bool knows(std::string_view word) const;

  /// How often a noun was met in texts whose meanings were marked by hand; 0 for rare and unknown ones.
  [[nodiscard]] std::uint32_t familiarity(std::string_view noun) const;

  /// The meanings that `meaning` leads to by `relation`, in the database's order.
  [[nodiscard]] std::vector<Meaning> related(const Meaning& meaning, Relation relation) const;

 private:
  /// The words of one part of speech.
  struct Words {
    MappedFile index;       ///< lemma -> offsets of its meanings, sorted by lemma.
    MappedFile exceptions;  ///< Irregular forms, sorted.
  };
  Lexicon(std::vector<Words> words, MappedFile data) : words_(std::move(words)), data_(std::move(data)) {}

  [[nodiscard]] std::vector<std::string> base_forms(const std::string& lemma, std::size_t part) const;
  [[nodiscard]] std::vector<Meaning> lookup(std::string_view lemma) const;
  [[nodiscard]] Meaning at(std::uint32_t offset) const;

  std::vector<Words> words_;  ///< In the order of the rules of inflection: nouns first.
  MappedFile data_;           ///< The meanings of nouns.
};

}  // namespace llmi::lexicon
