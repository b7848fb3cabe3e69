#include "lexicon/lexicon.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace llmi::lexicon {
namespace {

using namespace std::string_view_literals;

// Lexicographer files of nouns by number, from 03 (lexnames(5WN)).
constexpr int kFirstCategory = 3;
constexpr std::array kCategories{
    "thing"sv,         "act"sv,    "animal"sv,     "artifact"sv,  "attribute"sv,  "body"sv,     "cognition"sv,
    "communication"sv, "event"sv,  "feeling"sv,    "food"sv,      "group"sv,      "location"sv, "motive"sv,
    "object"sv,        "person"sv, "phenomenon"sv, "plant"sv,     "possession"sv, "process"sv,  "quantity"sv,
    "relation"sv,      "shape"sv,  "state"sv,      "substance"sv, "time"sv};

struct Symbol {
  std::string_view text;
  Relation relation;
};
constexpr std::array kSymbols{
    Symbol{"@", Relation::kWider},       Symbol{"@i", Relation::kWider},  Symbol{"~", Relation::kKinds},
    Symbol{"~i", Relation::kInstances},  Symbol{"%p", Relation::kParts},  Symbol{"%m", Relation::kMembers},
    Symbol{"%s", Relation::kSubstances}, Symbol{"#p", Relation::kWholes}, Symbol{"-c", Relation::kTopicTerms},
};

struct Ending {
  std::string_view plural;
  std::string_view singular;
};
// The rules of morphy(7WN) for nouns.
constexpr std::array kEndings{Ending{"s", ""},      Ending{"ses", "s"},   Ending{"xes", "x"},   Ending{"zes", "z"},
                              Ending{"ches", "ch"}, Ending{"shes", "sh"}, Ending{"men", "man"}, Ending{"ies", "y"}};

/// Takes the next field off the front; empty at the end.
std::string_view next_field(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return line = {};
  const std::size_t end = std::min(line.find(' ', begin), line.size());
  const std::string_view field = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return field;
}

std::optional<std::uint32_t> number(std::string_view field, int base = 10) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value, base);
  if (error != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  return value;
}

std::string_view line_at(std::string_view text, std::size_t begin) {
  return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

/// The line of a sorted file whose first field is `key`; empty when there is none. Lines that begin with a space (the
/// licence at the top) sort before every key.
std::string_view find_line(std::string_view text, std::string_view key) {
  std::size_t low = 0;
  std::size_t high = text.size();
  while (low < high) {
    std::size_t begin = text.rfind('\n', low + (high - low) / 2);
    begin = begin == std::string_view::npos || begin < low ? low : begin + 1;
    const std::string_view line = line_at(text, begin);
    const std::string_view first = line.substr(0, line.find(' '));
    if (first == key) return line;
    if (first < key) {
      low = begin + line.size() + 1;
    } else {
      high = begin;
    }
  }
  return {};
}

std::string spaced(std::string_view lemma) {
  std::string text(lemma);
  std::ranges::replace(text, '_', ' ');
  return text;
}

/// Lower case, words joined by underscores, as the index has them.
std::string to_lemma(std::string_view noun) {
  std::string lemma;
  for (const char c : noun) {
    if (c == ' ' && (lemma.empty() || lemma.back() == '_')) continue;
    lemma.push_back(c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  while (lemma.ends_with('_')) lemma.pop_back();
  return lemma;
}

/// The gloss up to its first example.
std::string definition_of(std::string_view gloss) {
  gloss = gloss.substr(0, gloss.find("; \""));
  const std::size_t begin = gloss.find_first_not_of(' ');
  if (begin == std::string_view::npos) return "";
  return std::string(gloss.substr(begin, gloss.find_last_not_of(" ;\r") - begin + 1));
}

void read_links(std::string_view& line, Meaning& meaning) {
  const std::uint32_t count = number(next_field(line)).value_or(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string_view symbol = next_field(line);
    const auto target = number(next_field(line));
    const std::string_view part_of_speech = next_field(line);
    next_field(line);  // Which word leads to which: of no use here.
    const auto* found = std::ranges::find(kSymbols, symbol, &Symbol::text);
    if (found != kSymbols.end() && target && part_of_speech == "n") meaning.links.push_back({found->relation, *target});
  }
}

}  // namespace

Result<Lexicon> Lexicon::open(const std::filesystem::path& folder) {
  LLMI_TRY(MappedFile index, MappedFile::open(folder / "index.noun"));
  LLMI_TRY(MappedFile data, MappedFile::open(folder / "data.noun"));
  LLMI_TRY(MappedFile exceptions, MappedFile::open(folder / "noun.exc"));
  return Lexicon(std::move(index), std::move(data), std::move(exceptions));
}

Meaning Lexicon::at(std::uint32_t offset) const {
  Meaning meaning;
  std::string_view line = offset < data_.bytes().size() ? line_at(data_.bytes(), offset) : std::string_view{};
  if (number(next_field(line)) != offset) return meaning;
  const std::size_t category = number(next_field(line)).value_or(0) - kFirstCategory;
  if (category < kCategories.size()) meaning.category = kCategories[category];
  next_field(line);  // The part of speech.
  const std::uint32_t words = number(next_field(line), 16).value_or(0);
  for (std::uint32_t i = 0; i < words && !line.empty(); ++i) {
    meaning.words.push_back(spaced(next_field(line)));
    next_field(line);  // Tells the word from its namesakes.
  }
  if (!meaning.words.empty()) meaning.word = meaning.words.front();
  read_links(line, meaning);
  const std::size_t bar = line.find('|');
  if (bar != std::string_view::npos) meaning.definition = definition_of(line.substr(bar + 1));
  return meaning;
}

std::vector<Meaning> Lexicon::lookup(std::string_view lemma) const {
  std::vector<Meaning> meanings;
  std::string_view line = find_line(index_.bytes(), lemma);
  // lemma, part of speech, number of meanings, pointer symbols, two more counts, offsets.
  next_field(line);
  next_field(line);
  const std::uint32_t count = number(next_field(line)).value_or(0);
  const std::uint32_t symbols = number(next_field(line)).value_or(0);
  for (std::uint32_t i = 0; i < symbols + 2 && !line.empty(); ++i) next_field(line);
  for (std::uint32_t i = 0; i < count && !line.empty(); ++i) {
    Meaning meaning = at(number(next_field(line)).value_or(0));
    if (meaning.words.empty()) continue;
    meaning.word = spaced(lemma);
    meanings.push_back(std::move(meaning));
  }
  return meanings;
}

std::vector<Meaning> Lexicon::meanings(std::string_view noun) const {
  const std::string lemma = to_lemma(noun);
  if (lemma.empty()) return {};
  if (auto found = lookup(lemma); !found.empty()) return found;
  std::string_view exception = find_line(exceptions_.bytes(), lemma);
  next_field(exception);
  if (const auto base = next_field(exception); !base.empty()) return lookup(base);
  for (const Ending& ending : kEndings) {
    if (!lemma.ends_with(ending.plural)) continue;
    const std::string base = lemma.substr(0, lemma.size() - ending.plural.size()) + std::string(ending.singular);
    if (auto found = lookup(base); !found.empty()) return found;
  }
  return {};
}

std::vector<Meaning> Lexicon::related(const Meaning& meaning, Relation relation) const {
  std::vector<Meaning> found;
  for (const Meaning::Link& link : meaning.links) {
    if (link.relation != relation) continue;
    Meaning target = at(link.target);
    if (!target.words.empty()) found.push_back(std::move(target));
  }
  return found;
}

}  // namespace llmi::lexicon
