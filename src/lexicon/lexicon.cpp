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
  std::string_view inflected;
  std::string_view base;
};
/// A part of speech: its files' suffix and the rules of morphy(7WN).
struct PartOfSpeech {
  std::string_view name;
  std::array<Ending, 8> endings;  ///< Unused ones are empty.
};
constexpr std::array kPartsOfSpeech{
    PartOfSpeech{"noun",
                 {{{"s", ""},
                   {"ses", "s"},
                   {"xes", "x"},
                   {"zes", "z"},
                   {"ches", "ch"},
                   {"shes", "sh"},
                   {"men", "man"},
                   {"ies", "y"}}}},
    PartOfSpeech{
        "verb",
        {{{"s", ""}, {"ies", "y"}, {"es", "e"}, {"es", ""}, {"ed", "e"}, {"ed", ""}, {"ing", "e"}, {"ing", ""}}}},
    PartOfSpeech{"adj", {{{"er", ""}, {"est", ""}, {"er", "e"}, {"est", "e"}}}}, PartOfSpeech{"adv", {}}};

// Words of grammar, which WordNet leaves out.
constexpr std::string_view kGrammarWords =
    " a an the and or but nor so if of to in on at by for from with without about into onto over under between among "
    "through during before after since until while because although though than as like that which who whom whose what "
    "this these those it its they them their he him his she her hers we us our you your i me my is are was were be "
    "been "
    "being has have had do does did can could will would shall should may might must not no there here where when how "
    "why "
    "each every all both either neither some any many much more most other others another such own same few less least "
    "only just also too very then thus hence yet still once upon off out up down against across along around behind "
    "beyond near toward towards within itself themselves himself herself myself yourself one ones everyone everything "
    "anyone anything someone something nothing nobody whether unless despite per via until throughout beneath above "
    "below beside besides amid including cannot ";

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
  std::vector<Words> words;
  for (const PartOfSpeech& part : kPartsOfSpeech) {
    const std::string name(part.name);
    LLMI_TRY(MappedFile index, MappedFile::open(folder / ("index." + name)));
    LLMI_TRY(MappedFile exceptions, MappedFile::open(folder / (name + ".exc")));
    words.push_back({std::move(index), std::move(exceptions)});
  }
  LLMI_TRY(MappedFile data, MappedFile::open(folder / "data.noun"));
  return Lexicon(std::move(words), std::move(data));
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
  std::string_view line = find_line(words_.front().index.bytes(), lemma);
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
  for (const std::string& base : base_forms(lemma, 0)) {
    if (auto found = lookup(base); !found.empty()) return found;
  }
  return {};
}

/// The word itself, then what it may be an inflected form of.
std::vector<std::string> Lexicon::base_forms(const std::string& lemma, std::size_t part) const {
  std::vector<std::string> forms{lemma};
  std::string_view exception = find_line(words_[part].exceptions.bytes(), lemma);
  next_field(exception);
  if (const auto base = next_field(exception); !base.empty()) return {lemma, std::string(base)};
  for (const Ending& ending : kPartsOfSpeech[part].endings) {
    if (ending.inflected.empty() || !lemma.ends_with(ending.inflected)) continue;
    forms.push_back(lemma.substr(0, lemma.size() - ending.inflected.size()) + std::string(ending.base));
  }
  return forms;
}

bool Lexicon::knows(std::string_view word) const {
  const std::string lemma = to_lemma(word);
  if (lemma.empty()) return false;
  if (kGrammarWords.find(" " + lemma + " ") != std::string_view::npos) return true;
  for (std::size_t part = 0; part < words_.size(); ++part) {
    for (const std::string& base : base_forms(lemma, part)) {
      if (!find_line(words_[part].index.bytes(), base).empty()) return true;
    }
  }
  return false;
}

std::uint32_t Lexicon::familiarity(std::string_view noun) const {
  std::string_view line = find_line(words_.front().index.bytes(), to_lemma(noun));
  for (int i = 0; i < 3; ++i) next_field(line);
  const std::uint32_t symbols = number(next_field(line)).value_or(0);
  for (std::uint32_t i = 0; i < symbols + 1 && !line.empty(); ++i) next_field(line);
  return number(next_field(line)).value_or(0);
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
