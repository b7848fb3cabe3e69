#include "agent/guided/subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <utility>

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

/// Categories of what can be seen, and the ones of them whose nouns are counted.
constexpr std::array kConcrete{"animal"sv, "artifact"sv, "plant"sv,     "food"sv,       "body"sv, "object"sv,
                               "person"sv, "location"sv, "substance"sv, "phenomenon"sv, "event"sv};
constexpr std::array kCounted{"animal"sv, "artifact"sv, "plant"sv, "body"sv, "object"sv,
                              "person"sv, "location"sv, "event"sv, "group"sv};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

/// Without parentheses, up to the first semicolon or colon.
std::string plain_definition(std::string_view text) {
  std::string plain;
  int depth = 0;
  for (const char c : text.substr(0, text.find_first_of(";:"))) {
    if (c == '(') ++depth;
    if (depth == 0 && !(c == ' ' && (plain.empty() || plain.back() == ' '))) plain.push_back(c);
    if (c == ')' && depth > 0) --depth;
  }
  while (plain.ends_with(' ')) plain.pop_back();
  return plain.size() > kLongestDefinition || plain.find('.') != std::string::npos ? "" : plain;
}

bool is_name(std::string_view word) { return !word.empty() && word[0] >= 'A' && word[0] <= 'Z'; }

bool has_article(std::string_view definition) {
  return std::ranges::any_of(
      std::array{"a "sv, "an "sv, "the "sv, "any "sv, "one "sv, "someone "sv, "something "sv, "all "sv, "each "sv},
      [&](std::string_view start) { return definition.starts_with(start); });
}

/// Whether the definition's own noun is a plural: "flightless birds of …".
bool defines_many(std::string_view definition) {
  constexpr std::array kAfterNoun{"of"sv,   "for"sv,  "with"sv, "that"sv, "which"sv, "having"sv, "in"sv,
                                  "from"sv, "made"sv, "used"sv, "on"sv,   "by"sv,    "to"sv,     "who"sv};
  std::string noun;
  for (const std::string& word : words_of(definition)) {
    if (among(kAfterNoun, word)) break;
    noun = word;
  }
  return noun.size() > 3 && singular(noun) != noun;
}

std::string defining_sentence(const std::string& noun, const std::string& category, const std::string& definition) {
  if (definition.empty()) return "";
  if (is_name(noun)) return fmt::format("{}{} is {}.", category == "event" ? "The " : "", noun, definition);
  if (!has_article(definition) && defines_many(definition))
    return fmt::format("{} are {}.", capitalised(plural(noun)), definition);
  if (!among(kCounted, category)) return fmt::format("{} is {}.", capitalised(noun), definition);
  return fmt::format("{} is {}.", capitalised(with_article(noun)),
                     has_article(definition) ? definition : with_article(definition));
}

/// "genus Apis" and other names that readers do not use are left out.
bool presentable(std::string_view name) {
  return name.size() <= kLongestName && name.find("genus ") == std::string_view::npos &&
         name.find_first_of("().0123456789'/") == std::string_view::npos;
}

void add_names(std::vector<std::string>& names, const lexicon::Lexicon& lexicon, const Meaning& meaning,
               Relation relation) {
  std::vector<std::pair<std::uint32_t, std::string>> found;
  for (const Meaning& other : lexicon.related(meaning, relation)) {
    if (presentable(other.word)) found.emplace_back(lexicon.familiarity(other.word), other.word);
  }
  std::ranges::stable_sort(found, std::greater<>{}, &std::pair<std::uint32_t, std::string>::first);
  for (auto& [familiarity, name] : found) {
    if (names.size() < kMostNames && std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
}

/// What can be seen is what a picture book speaks of: the first of the usual meanings of that sort, else the first.
const Meaning& usual_meaning(const std::vector<Meaning>& meanings) {
  constexpr std::size_t kUsual = 3;
  for (const Meaning& meaning : std::span(meanings).first(std::min(kUsual, meanings.size()))) {
    if (among(kConcrete, meaning.category)) return meaning;
  }
  return meanings.front();
}

/// The word by which the meaning was asked for, with the capitals that the lexicon gives it.
std::string spelled(const Meaning& meaning) {
  for (const std::string& word : meaning.words) {
    if (lower(word) == meaning.word) return word;
  }
  return meaning.word;
}

Subject from_meanings(const lexicon::Lexicon& lexicon, const std::vector<Meaning>& meanings) {
  const Meaning& chosen = usual_meaning(meanings);
  Subject subject{.noun = spelled(chosen),
                  .definition = plain_definition(chosen.definition),
                  .concrete = among(kConcrete, chosen.category),
                  .counted = among(kCounted, chosen.category)};
  subject.sentence = defining_sentence(subject.noun, chosen.category, subject.definition);
  for (const Meaning& meaning : std::span(meanings).first(std::min<std::size_t>(3, meanings.size()))) {
    // Another meaning of the same sort adds what is known of it: a volcano is a vent and a mountain.
    if (meaning.category != chosen.category) continue;
    add_names(subject.kinds, lexicon, meaning, Relation::kKinds);
    add_names(subject.examples, lexicon, meaning, Relation::kInstances);
    add_names(subject.parts, lexicon, meaning, Relation::kParts);
    add_names(subject.wider, lexicon, meaning, Relation::kWider);
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
  const auto has_number = [](std::string_view text) { return text.find_first_of("0123456789") != std::string::npos; };
  for (const std::string& thing : things) {
    const auto at = std::ranges::find_if(words, [&](const std::string& word) { return same_noun(word, thing); });
    // "Apollo 11" names something else than Apollo.
    if (at == words.end() || (at + 1 != words.end() && has_number(*(at + 1)))) continue;
    if (Subject subject = describe(lexicon, thing); subject.known()) return subject;
  }
  return {};
}

}  // namespace llmi::agent
