#include "agent/guided/subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "agent/guided/english.h"
#include "lexicon/lexicon.h"

namespace llmi::agent {
namespace {

using lexicon::Meaning;
using lexicon::Relation;
using namespace std::string_view_literals;

constexpr std::size_t kMostNames = 7;
constexpr std::size_t kLongestName = 26;
constexpr std::size_t kLongestDefinition = 180;
constexpr std::size_t kLongestPhrase = 4;  // words

/// Meanings that are no subject to write about: too general to illustrate.
constexpr std::array kVague{"quantity"sv, "relation"sv, "motive"sv, "shape"sv};

/// Without parentheses, up to the first semicolon.
std::string plain_definition(std::string_view text) {
  std::string plain;
  int depth = 0;
  for (const char c : text.substr(0, text.find(';'))) {
    if (c == '(') ++depth;
    if (depth == 0 && !(c == ' ' && (plain.empty() || plain.back() == ' '))) plain.push_back(c);
    if (c == ')' && depth > 0) --depth;
  }
  while (plain.ends_with(' ')) plain.pop_back();
  return plain.size() > kLongestDefinition ? "" : plain;
}

bool is_name(std::string_view word) { return !word.empty() && word[0] >= 'A' && word[0] <= 'Z'; }

bool countable(std::string_view definition) {
  return std::ranges::any_of(std::array{"a "sv, "an "sv, "any "sv, "one "sv, "someone "sv, "something "sv},
                             [&](std::string_view start) { return definition.starts_with(start); });
}

std::string defining_sentence(const std::string& noun, const std::string& definition) {
  if (definition.empty()) return "";
  const std::string start = is_name(noun) || !countable(definition) ? noun : with_article(noun);
  return fmt::format("{} is {}.", capitalised(start), definition);
}

/// "genus Apis" and other names that readers do not use are left out.
bool presentable(std::string_view name) {
  return name.size() <= kLongestName && name.find("genus ") == std::string_view::npos &&
         name.find_first_of("().0123456789'/") == std::string_view::npos;
}

void add_names(std::vector<std::string>& names, const std::vector<Meaning>& meanings, bool short_first) {
  std::vector<std::string> found;
  for (const Meaning& meaning : meanings) {
    if (presentable(meaning.word) && std::ranges::find(found, meaning.word) == found.end())
      found.push_back(meaning.word);
  }
  // Everyday things have short names.
  if (short_first) std::ranges::stable_sort(found, {}, &std::string::size);
  for (std::string& name : found) {
    if (names.size() < kMostNames) names.push_back(std::move(name));
  }
}

/// The word by which the meaning was asked for, with the capitals that the lexicon gives it.
std::string spelled(const Meaning& meaning) {
  for (const std::string& word : meaning.words) {
    if (lower(word) == meaning.word) return word;
  }
  return meaning.word;
}

Subject from_meanings(const lexicon::Lexicon& lexicon, const std::vector<Meaning>& meanings) {
  const Meaning& first = meanings.front();
  Subject subject{.noun = spelled(first), .definition = plain_definition(first.definition)};
  if (std::ranges::find(kVague, first.category) != kVague.end()) return {};
  subject.sentence = defining_sentence(subject.noun, subject.definition);
  for (const Meaning& meaning : std::span(meanings).first(std::min<std::size_t>(2, meanings.size()))) {
    // A second meaning of the same sort adds what is known of it: a volcano is a vent and a mountain.
    if (meaning.category != first.category) continue;
    add_names(subject.kinds, lexicon.related(meaning, Relation::kKinds), true);
    add_names(subject.examples, lexicon.related(meaning, Relation::kInstances), false);
    add_names(subject.parts, lexicon.related(meaning, Relation::kParts), false);
    add_names(subject.wider, lexicon.related(meaning, Relation::kWider), false);
  }
  return subject;
}

}  // namespace

Subject describe(const lexicon::Lexicon* lexicon, std::string_view noun) {
  if (lexicon == nullptr) return {};
  const auto meanings = lexicon->meanings(noun);
  return meanings.empty() ? Subject{} : from_meanings(*lexicon, meanings);
}

Subject find_subject(const lexicon::Lexicon* lexicon, std::string_view topic, const std::vector<std::string>& things) {
  const auto words = words_of(topic);
  for (std::size_t length = std::min(words.size(), kLongestPhrase); length > 1; --length) {
    for (std::size_t begin = 0; begin + length <= words.size(); ++begin) {
      std::string phrase;
      for (std::size_t i = begin; i < begin + length; ++i) phrase += (i == begin ? "" : " ") + words[i];
      if (Subject subject = describe(lexicon, phrase); subject.known()) return subject;
    }
  }
  for (const std::string& thing : things) {
    const bool of_the_topic =
        std::ranges::any_of(words, [&](const std::string& word) { return same_noun(word, thing); });
    if (!of_the_topic) continue;
    if (Subject subject = describe(lexicon, thing); subject.known()) return subject;
  }
  return {};
}

}  // namespace llmi::agent
