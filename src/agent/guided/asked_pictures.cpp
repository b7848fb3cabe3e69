#include "agent/guided/asked_pictures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "agent/guided/english.h"

namespace llmi::agent {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kReadBytes = 20'000;
// More is no wish for pictures but a year, or a mistake.
constexpr std::size_t kMostPictures = 50;
// Words between a number, or a negation, and its noun: "two small black pictures".
constexpr std::size_t kFillers = 2;

struct Number {
  std::string_view word;
  std::size_t value;
};
constexpr std::array kNumbers{
    Number{"one"sv, 1},    Number{"single"sv, 1}, Number{"two"sv, 2},     Number{"couple"sv, 2},  Number{"three"sv, 3},
    Number{"four"sv, 4},   Number{"five"sv, 5},   Number{"six"sv, 6},     Number{"seven"sv, 7},   Number{"eight"sv, 8},
    Number{"nine"sv, 9},   Number{"ten"sv, 10},   Number{"eleven"sv, 11}, Number{"twelve"sv, 12}, Number{"zwei"sv, 2},
    Number{"drei"sv, 3},   Number{"vier"sv, 4},   Number{"fünf"sv, 5},    Number{"sechs"sv, 6},   Number{"deux"sv, 2},
    Number{"trois"sv, 3},  Number{"quatre"sv, 4}, Number{"cinq"sv, 5},    Number{"dos"sv, 2},     Number{"tres"sv, 3},
    Number{"cuatro"sv, 4}, Number{"cinco"sv, 5}};

// What may be any kind of picture.
constexpr std::array kPictures{"pictures"sv,       "images"sv,   "illustrations"sv, "visuals"sv, "figures"sv,
                               "graphics"sv,       "pics"sv,     "bilder"sv,        "bildern"sv, "abbildungen"sv,
                               "illustrationen"sv, "imágenes"sv, "ilustraciones"sv};
// What is one kind of picture.
constexpr std::array kKinds{"photos"sv,   "photographs"sv, "drawings"sv, "paintings"sv, "charts"sv,     "graphs"sv,
                            "diagrams"sv, "plots"sv,       "sketches"sv, "fotos"sv,     "zeichnungen"sv};
constexpr std::array kSingular{"picture"sv, "image"sv,      "illustration"sv, "visual"sv,   "figure"sv,   "graphic"sv,
                               "photo"sv,   "photograph"sv, "drawing"sv,      "painting"sv, "chart"sv,    "graph"sv,
                               "diagram"sv, "plot"sv,       "sketch"sv,       "bild"sv,     "abbildung"sv};
constexpr std::array kNegations{"no"sv,    "without"sv, "zero"sv, "skip"sv, "omit"sv, "don't"sv, "not"sv,
                                "keine"sv, "ohne"sv,    "sans"sv, "pas"sv,  "sin"sv,  "aucune"sv};
// Words between a negation and the pictures it denies.
constexpr std::array kDenied{"a"sv,   "any"sv,    "single"sv, "the"sv, "need"sv,    "want"sv, "to"sv,
                             "see"sv, "have"sv,   "need"sv,   "add"sv, "include"sv, "use"sv,  "insert"sv,
                             "for"sv, "charts"sv, "photos"sv, "or"sv,  "de"sv};
constexpr std::size_t kDenialFillers = 3;
// "the two pictures": known ones are talked of, none are asked for.
constexpr std::array kDefinite{"the"sv, "these"sv, "those"sv, "this"sv, "that"sv, "my"sv,  "our"sv,
                               "his"sv, "her"sv,   "their"sv, "its"sv,  "both"sv, "die"sv, "les"sv};
constexpr std::array kOnly{"only"sv, "just"sv, "nur"sv, "seulement"sv, "solo"sv, "sólo"sv};
// "more pictures are fine": a number is the least, not the total.
constexpr std::array kFurther{"more"sv, "further"sv, "other"sv, "additional"sv, "weitere"sv, "autres"sv, "otras"sv};
constexpr std::array kArticles{"a"sv, "an"sv, "another"sv, "ein"sv, "eine"sv};
// What makes a picture one of many, or the number another thing's.
constexpr std::array kNoFiller{"of"sv,         "with"sv, "and"sv,   "for"sv, "in"sv,  "to"sv,    "the"sv,     "page"sv,
                               "pages"sv,      "word"sv, "words"sv, "or"sv,  "by"sv,  "from"sv,  "on"sv,      "as"sv,
                               "paragraphs"sv, "more"sv, "is"sv,    "are"sv, "per"sv, "poems"sv, "sections"sv};
constexpr std::array kAfterPicture{"of"sv,   "please"sv, "showing"sv, "with"sv,       "that"sv,    "in"sv,    "for"sv,
                                   "at"sv,   "is"sv,     "to"sv,      "and"sv,        "only"sv,    "total"sv, "max"sv,
                                   "here"sv, "would"sv,  "will"sv,    "altogether"sv, "maximum"sv, "von"sv};
constexpr std::array kEach{"each"sv, "every"sv, "per"sv, "je"sv, "pro"sv, "chaque"sv, "cada"sv};
// What is denied is some pictures, not all: "no pictures of people".
constexpr std::array kSome{"of"sv,    "from"sv,   "showing"sv, "with"sv, "that"sv,
                           "which"sv, "bigger"sv, "larger"sv,  "by"sv};
constexpr std::array kTotals{"in all"sv,    "in total"sv, "all told"sv, "altogether"sv, "exactly"sv,  "all in all"sv,
                             "insgesamt"sv, "genau"sv,    "en tout"sv,  "exactement"sv, "en total"sv, "exactamente"sv};
constexpr std::array kWordsOnly{"words only"sv, "text only"sv,  "only text"sv,  "just text"sv,     "just the text"sv,
                                "only words"sv, "just words"sv, "text alone"sv, "only the text"sv, "nur text"sv,
                                "text-only"sv,  "texte seul"sv, "solo texto"sv, "sólo texto"sv};

bool among(std::span<const std::string_view> list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

struct Count {
  std::size_t number = 0;
  bool total = false;
  std::string noun;
  std::size_t clause = 0;
};

/// A part of a sentence, in small letters.
class Clause {
 public:
  explicit Clause(std::string_view text) : text_(lower(text)), words_(words_of(text_)) {}

  [[nodiscard]] bool says_words_only() const { return holds(kWordsOnly); }

  /// Says that there are to be no pictures at all.
  [[nodiscard]] bool denies() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (among(kNegations, words_[i]) && denies_from(i + 1)) return true;
    }
    return false;
  }

  /// Leaves it open whether there are further pictures.
  [[nodiscard]] bool opens() const {
    if (std::ranges::any_of(words_, [](const std::string& word) { return among(kNegations, word); })) return false;
    for (std::size_t i = 1; i < words_.size(); ++i) {
      if (among(kFurther, words_[i - 1]) && among(kPictures, words_[i])) return true;
    }
    return false;
  }

  [[nodiscard]] std::vector<Count> counts() const {
    std::vector<Count> found;
    if (std::ranges::any_of(words_, [](const std::string& word) { return among(kEach, word); })) return found;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const auto number = number_at(i);
      const auto noun = number && asks_at(i) ? noun_after(i, *number) : std::nullopt;
      if (noun) found.push_back({*number, holds(kTotals), *noun});
    }
    if (!found.empty()) add_articles(found);
    return found;
  }

 private:
  [[nodiscard]] bool holds(std::span<const std::string_view> phrases) const {
    return std::ranges::any_of(phrases, [&](std::string_view phrase) {
      const std::size_t at = text_.find(phrase);
      return at != std::string::npos && (at == 0 || text_[at - 1] == ' ') &&
             (at + phrase.size() == text_.size() || text_[at + phrase.size()] == ' ');
    });
  }

  [[nodiscard]] bool denies_from(std::size_t at) const {
    for (std::size_t i = at; i < words_.size() && i <= at + kDenialFillers; ++i) {
      // French "pas d'images"
      const std::string word = words_[i].starts_with("d'") ? words_[i].substr(2) : words_[i];
      if (among(kPictures, word) || is_single_picture(i)) return i + 1 == words_.size() || !among(kSome, words_[i + 1]);
      if (!among(kDenied, word)) return false;
    }
    return false;
  }

  /// Whether the number there can be a wish: neither denied ("not a single picture") nor of known pictures.
  [[nodiscard]] bool asks_at(std::size_t i) const {
    const auto before = [&](std::size_t steps) { return i >= steps ? std::string_view(words_[i - steps]) : ""sv; };
    const bool only = std::ranges::any_of(words_, [](const std::string& word) { return among(kOnly, word); });
    return (only || !among(kDefinite, before(1))) && !among(kNegations, before(1)) &&
           !(before(1) == "a" && among(kNegations, before(2)));
  }

  /// "two photos and a chart" are three pictures.
  void add_articles(std::vector<Count>& found) const {
    for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
      const auto noun = among(kArticles, words_[i]) ? noun_after(i, 1) : std::nullopt;
      if (noun) found.push_back({1, false, *noun});
    }
  }

  [[nodiscard]] std::optional<std::size_t> number_at(std::size_t i) const {
    const std::string& word = words_[i];
    const auto* const named = std::ranges::find(kNumbers, word, &Number::word);
    if (named != kNumbers.end()) return named->value;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value > kMostPictures) return std::nullopt;
    return value;
  }

  /// The noun that the number at `i` counts, where it counts pictures.
  [[nodiscard]] std::optional<std::string> noun_after(std::size_t i, std::size_t number) const {
    std::size_t at = i + 1;
    if (words_[i] == "couple" && at < words_.size() && words_[at] == "of") ++at;
    for (const std::size_t end = at + kFillers; at < words_.size() && at <= end; ++at) {
      if (among(kPictures, words_[at]) || among(kKinds, words_[at])) return words_[at];
      if (number == 1 && is_single_picture(at)) return words_[at];
      if (among(kSingular, words_[at]) || among(kNoFiller, words_[at]) || number_at(at)) return std::nullopt;
    }
    return std::nullopt;
  }

  /// "one picture", not "one picture book".
  [[nodiscard]] bool is_single_picture(std::size_t at) const {
    return among(kSingular, words_[at]) && (at + 1 == words_.size() || among(kAfterPicture, words_[at + 1]));
  }

  std::string text_;
  std::vector<std::string> words_;
};

/// Clauses end at punctuation; a hyphen only where it stands alone.
std::vector<Clause> clauses_of(std::string_view prompt) {
  std::vector<Clause> clauses;
  std::size_t begin = 0;
  const std::string_view text = prompt.substr(0, kReadBytes);
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool dash = i + 1 < text.size() && text[i] == '-' && text[i + 1] == ' ';
    if (i < text.size() && !dash && ".,;:!?()\n\t\""sv.find(text[i]) == std::string_view::npos) continue;
    if (i > begin) clauses.emplace_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return clauses;
}

bool is_total(const Count& count, std::span<const Count> counts) {
  if (count.total) return true;
  // "Three pictures: two photos of …": the kinds that follow are among them.
  return among(kPictures, count.noun) && std::ranges::none_of(counts, [&](const Count& other) {
           return &other != &count && (other.clause == count.clause || among(kPictures, other.noun));
         });
}

/// The total where one is said; else all numbers together, as long as each counts something else.
std::optional<std::size_t> sum_of(std::span<const Count> counts) {
  const auto total = std::ranges::find_if(counts, [&](const Count& count) { return is_total(count, counts); });
  if (total != counts.end()) return total->number;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    sum += counts[i].number;
    if (std::ranges::count(counts.first(i), counts[i].noun, &Count::noun) > 0) return std::nullopt;
  }
  return counts.empty() ? std::nullopt : std::optional(sum);
}

}  // namespace

std::optional<std::size_t> asked_pictures(std::string_view prompt) {
  const std::vector<Clause> clauses = clauses_of(prompt);
  if (std::ranges::any_of(clauses, &Clause::says_words_only)) return 0;
  if (std::ranges::any_of(clauses, &Clause::opens)) return std::nullopt;
  std::vector<Count> counts;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    for (Count count : clauses[i].counts()) {
      count.clause = i;
      counts.push_back(std::move(count));
    }
  }
  if (!counts.empty()) return sum_of(counts);
  return std::ranges::any_of(clauses, &Clause::denies) ? std::optional<std::size_t>(0) : std::nullopt;
}

}  // namespace llmi::agent
