#include "store/corpus_query.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "store/corpus_kinds.h"
#include "store/corpus_slips.h"

namespace llmi::store {
namespace {

using lexicon::Lexicon;

constexpr std::size_t kMaxWords = 24;
constexpr double kAdjective = 0.3;
constexpr double kActivity = 0.35;
constexpr double kContext = 0.2;
constexpr double kFrame = 0.1;
constexpr double kSlip = 0.8;     // trust in a corrected word
constexpr double kKind = 0.6;     // in a kind of what was asked for
constexpr double kFurther = 0.2;  // how much less in the furthest one

/// A word list between spaces.
bool in(std::string_view list, std::string_view word) {
  for (std::size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1))
    if (at > 0 && list[at - 1] == ' ' && at + word.size() < list.size() && list[at + word.size()] == ' ') return true;
  return false;
}

// Words about the picture, not about what it shows.
constexpr std::string_view kFrames =
    " photo photograph photography picture image illustration drawing painting sketch clipart icon rendering snapshot "
    "shot "
    "portrait depiction closeup close foto bild abbildung zeichnung fotografie dessin imagen dibujo fotografia "
    "immagine disegno imagem "
    "desenho afbeelding tekening ";
constexpr std::string_view kGroups =
    " herd group flock pack pair bunch pile stack bowl glass cup piece slice set series cluster swarm crowd couple lot "
    "kind type "
    "variety row basket plate bottle view side top front detail field slice bouquet bunches life cycle anatomy "
    "structure diagram scene gruppe herde troupeau groupe paire grupo manada gruppo ";
constexpr std::string_view kOf = " of von de du d di da do del des showing depicting van av ";

// What comes after one of these tells where or how, not what.
constexpr std::string_view kPrepositions =
    " in on at from by with without for as into onto over under near behind beside between through during against "
    "around while "
    "which that who to showing im auf aus bei mit nach vor zu zum zur uber unter neben zwischen durch fur ohne dans "
    "sur sous avec "
    "sans pour chez en con sin por para sobre bajo entre su per tra com sem op met zonder voor pa med utan vid ved "
    "uden uten ";

// Frequent words that describe: a picture without them still fits.
constexpr std::string_view kAdjectives =
    " red green blue yellow orange purple pink brown black white grey gray golden gold silver colorful colourful "
    "colored coloured "
    "dark light bright pale big large huge giant small little tiny tall short long wide high low deep old new young "
    "ancient modern "
    "vintage antique historic historical traditional classic beautiful pretty cute lovely majestic magnificent elegant "
    "simple plain "
    "fancy happy sad angry funny smiling wild tame domestic fresh ripe juicy sweet delicious tasty cooked raw hot cold "
    "warm wet dry "
    "wooden metal plastic glass stone round square flat real realistic typical common single one two three four five "
    "six seven "
    "eight nine ten several many few some large-scale famous busy empty full open closed adult baby male female strong "
    "fast slow "
    "heavy healthy dead alive whole half shiny clean dirty fluffy soft hard sharp stylized cartoon detailed cozy "
    "peaceful "
    "rot rote roter rotes grun grune gruner blau blaue blauer gelb gelbe gelber schwarz schwarze schwarzer weiss "
    "weisse weisser "
    "gross grosse grosser klein kleine kleiner alt alte alter jung junge junger schon schone schoner "
    "rouge vert verte bleu bleue jaune noir noire blanc blanche grand grande petit petite vieux vieille beau belle "
    "rojo roja verde azul amarillo amarilla negro negra blanco blanca grande pequeno pequena viejo vieja "
    "rosso rossa giallo gialla nero nera bianco bianca piccolo piccola vecchio vecchia "
    "vermelho vermelha preto preta branco branca velho velha rode rood groen groene blauw blauwe grote kleine ";

struct Draft {
  Word word;
  Frequencies exact{};
  std::string singular;  ///< The word without a final s, where only that is known ("Autos").
  std::vector<std::pair<std::string, LanguageSet>> stems;
  std::uint32_t known = 0;    ///< Pictures that hold the word in some form.
  LanguageSet languages = 0;  ///< Languages whose texts hold it.
  double trust = 1;
};

void try_singular(Draft& draft, Vocabulary& vocabulary) {
  std::string singular = draft.word.text.substr(0, draft.word.text.size() - 1);
  const Frequencies found = vocabulary.frequencies(singular);
  draft.known = *std::ranges::max_element(found);
  if (draft.known == 0) return;
  draft.singular = std::move(singular);
  for (std::size_t i = 0; i < kLanguages.size(); ++i)
    if (found[kFirstLanguage + i] > 0) draft.languages |= LanguageSet{1} << i;
}

/// Takes a stem into account; the result is the languages in which pictures may be found by it.
LanguageSet add_stem(Draft& draft, const std::string& stem, LanguageSet languages, Vocabulary& vocabulary) {
  const Frequencies found = vocabulary.frequencies(stem_term(stem));
  const std::uint32_t guessed = std::max({found[kTitle], found[kName], found[kDescription], found[kPlace]});
  LanguageSet useful = 0;
  for (std::size_t i = 0; i < kLanguages.size(); ++i) {
    const LanguageSet bit = LanguageSet{1} << i;
    if ((languages & bit) == 0) continue;
    const std::uint32_t own = found[kFirstLanguage + i];
    const std::uint32_t here = std::max(own, i < kGuessedLanguages ? guessed : 0);
    if (own > 0) draft.languages |= bit;
    if (here > 0) useful |= bit;
    draft.known = std::max(draft.known, here);
  }
  return useful;
}

Draft draft_word(const Word& word, WordReader& reader, Vocabulary& vocabulary) {
  Draft draft{.word = word, .exact = vocabulary.frequencies(word.text)};
  draft.known = *std::ranges::max_element(draft.exact);
  for (std::size_t i = 0; i < kLanguages.size() && !word.gram; ++i) {
    const std::string& stem = reader.stem(i, word.text);
    const auto same =
        std::ranges::find(draft.stems, stem, [](const auto& entry) -> const std::string& { return entry.first; });
    if (same == draft.stems.end()) {
      draft.stems.emplace_back(stem, LanguageSet{1} << i);
    } else {
      same->second |= LanguageSet{1} << i;
    }
  }
  for (auto& [stem, languages] : draft.stems) languages = add_stem(draft, stem, languages, vocabulary);
  std::erase_if(draft.stems, [](const auto& entry) { return entry.second == 0; });
  if (draft.known == 0 && word.text.size() > 4 && word.text.ends_with('s')) try_singular(draft, vocabulary);
  return draft;
}

/// Corrects the slip of the finger in a word that no picture has and that is no English one either.
void correct_slip(Draft& draft, WordReader& reader, Vocabulary& vocabulary, const Lexicon* english) {
  if (english == nullptr || draft.known > 0 || draft.word.gram || english->knows(draft.word.text)) return;
  std::optional<std::string> meant = without_slip(draft.word.text, draft.word.capitalised, vocabulary);
  if (!meant) return;
  Word word = draft.word;
  word.text = std::move(*meant);
  draft = draft_word(word, reader, vocabulary);
  draft.trust = kSlip;
}

/// A noun that people use: the lexicon has rare ones that are everyday words elsewhere ("mariposas").
bool is_common(const std::string& word, const Lexicon& english) {
  const std::vector<lexicon::Meaning> meanings = english.meanings(word);
  return !meanings.empty() && english.familiarity(meanings.front().word) > 0;
}

/// Whether all words are English and `language` has none of them as it is written: stems of other languages meet by
/// chance ("rate" and the Catalan "rat").
bool rather_english(const std::vector<Draft>& drafts, std::size_t language, const Lexicon* english) {
  return english != nullptr && std::ranges::all_of(drafts, [&](const Draft& draft) {
           const std::string& word = draft.word.text;
           if (is_stop_word(kEnglish, word)) return true;
           if (draft.exact[kFirstLanguage + language] > 0 || !english->knows(word)) return false;
           const bool by_stem_only = draft.known > 0 && *std::ranges::max_element(draft.exact) == 0;
           return !by_stem_only || is_common(word, *english);
         });
}

std::size_t guess_language(const std::vector<Draft>& drafts, const Lexicon* english) {
  std::size_t best = kLanguages.size();
  std::size_t best_votes = 0;
  for (std::size_t i = 0; i < kLanguages.size(); ++i) {
    std::size_t votes = 0;
    for (const Draft& draft : drafts)
      votes += (draft.languages & (LanguageSet{1} << i)) != 0 || is_stop_word(i, draft.word.text) ? 1 : 0;
    if (votes > best_votes) {
      best = i;
      best_votes = votes;
    }
  }
  return rather_english(drafts, best, english) ? kEnglish : best;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_activity(std::string_view word) { return word.size() > 4 && word.ends_with("ing"); }

/// Walks over the words once and gives each its part in the query.
class Roles {
 public:
  Roles(const std::vector<Draft>& drafts, std::size_t language, Query& query)
      : drafts_(drafts), language_(language), query_(query) {}

  void assign() {
    for (std::size_t i = 0; i < drafts_.size(); ++i) visit(i);
    if (query_.words.empty())  // nothing but function words: then they are meant
      for (const Draft& draft : drafts_) add(draft, 1, false);
    choose_head();
    for (std::size_t i = thing_begin_; i < thing_end_; ++i)
      query_.thing += (i > thing_begin_ ? " " : "") + drafts_[i].word.text;
  }
  /// For each word of the query the draft it came from.
  [[nodiscard]] const std::vector<const Draft*>& sources() const { return sources_; }

 private:
  void visit(std::size_t i) {
    const Draft& draft = drafts_[i];
    const std::string& text = draft.word.text;
    const bool stop = is_stop_word(language_, text);
    if (draft.word.after_break || (stop && in(kPrepositions, text) && !in(kOf, text))) context_ = context_ || has_core_;
    if (stop) {
      after_of_ = after_of_ || (in(kOf, text) && has_core_ && !context_);
      return;
    }
    const std::size_t next =
        i + 1 < drafts_.size() && drafts_[i + 1].word.text == "up" ? i + 2 : i + 1;  // "close-up of"
    const bool of_follows = next < drafts_.size() && in(kOf, drafts_[next].word.text);
    const bool last = i + 1 == drafts_.size();
    if (in(kFrames, text) && (of_follows || (last && has_core_))) return add(draft, kFrame, false);
    if (in(kGroups, text) && of_follows) return add(draft, kFrame, false);
    if (language_ == kEnglish && has_core_ && is_activity(text) && !last && stop_follows(i))
      context_ = true;  // "child riding a bicycle"
    if (context_) return add(draft, kContext, false);
    add(draft, core_weight(text), true);
    has_core_ = true;
    if (thing_end_ > 0 || !query_.words.back().adjective) {
      if (thing_end_ == 0) thing_begin_ = i;
      thing_end_ = i + 1;
    }
  }

  [[nodiscard]] bool stop_follows(std::size_t i) const { return is_stop_word(language_, drafts_[i + 1].word.text); }

  [[nodiscard]] double core_weight(std::string_view text) const {
    if (in(kAdjectives, text)) return kAdjective;
    if (language_ == kEnglish && has_core_ && is_activity(text)) return kActivity;
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) ? kAdjective : 1.0;
  }

  void add(const Draft& draft, double weight, bool core) {
    query_.words.push_back({draft.word.text, weight, core || query_.words.empty(), weight < 1});
    sources_.push_back(&draft);
  }

  void choose_head() {
    for (std::size_t i = 1; i < query_.words.size(); ++i)
      query_.exact = query_.exact || (query_.words[i].core && sources_[i]->word.capitalised);
    query_.exact = query_.exact || after_of_;  // a flag of Italy is no map of Italy
    // Words that no text in a known language holds are most likely English when they could be.
    const bool plain = std::ranges::all_of(drafts_, [](const Draft& draft) { return is_ascii(draft.word.text); });
    if (language_ >= kLanguages.size() && !plain) return;
    const bool first = language_ < kLanguages.size() && kLanguages[language_].head_first;
    for (std::size_t i = 0; i < query_.words.size(); ++i) {
      const bool possible = query_.words[i].core && !query_.words[i].adjective && !sources_[i]->word.gram;
      if (possible && (query_.head == Query::kNoHead || !first)) query_.head = i;
    }
    if (query_.head == Query::kNoHead || sources_[query_.head]->known > 0 || is_name(query_.head) || after_of_) return;
    // "giraffe savannah" where nobody knows savannahs: a list of key words, its first known one says most.
    for (std::size_t i = query_.words.size(); i-- > 0;)
      if (query_.words[i].core && !query_.words[i].adjective && sources_[i]->known > 0) query_.head = i;
    query_.guessed_head = true;
  }

  /// A capital letter inside a query in small letters.
  [[nodiscard]] bool is_name(std::size_t index) const {
    const bool all = std::ranges::all_of(sources_, [](const Draft* draft) { return draft->word.capitalised; });
    return index > 0 && sources_[index]->word.capitalised && !all && language_ != 1;  // German writes every noun so
  }

  const std::vector<Draft>& drafts_;
  std::size_t language_;
  Query& query_;
  std::vector<const Draft*> sources_;
  bool has_core_ = false;
  bool context_ = false;
  bool after_of_ = false;
  std::size_t thing_begin_ = 0;
  std::size_t thing_end_ = 0;
};

/// Rare words tell more; words that no picture has tell least, since nothing can be chosen by them.
double rarity(std::uint32_t known, std::size_t pictures, bool gram) {
  if (known == 0) return gram ? 0.35 : 0.6;
  const double all = std::log(static_cast<double>(pictures) + 2);
  return 0.6 + 0.4 * (1 - std::log(static_cast<double>(known) + 1) / all);
}

/// Only forms that some picture has: each one costs time.
void add_forms(Query& query, const std::vector<const Draft*>& sources, Vocabulary& vocabulary) {
  const LanguageSet wanted =
      query.language < kLanguages.size() ? LanguageSet{1} << query.language : (LanguageSet{1} << kLanguages.size()) - 1;
  const auto add = [&](std::string term, std::size_t first, std::size_t last) {
    const bool known = std::ranges::any_of(vocabulary.frequencies(term), [](std::uint32_t count) { return count > 0; });
    const double trust = std::min(sources[first]->trust, sources[last]->trust);
    if (known) query.forms.push_back({std::move(term), first, last, 0, trust});
  };
  for (std::size_t i = 0; i < sources.size(); ++i) {
    add(sources[i]->word.text, i, i);
    if (!sources[i]->singular.empty()) add(sources[i]->singular, i, i);
    for (const auto& [stem, languages] : sources[i]->stems)
      if ((languages & wanted) != 0)
        query.forms.push_back({stem_term(stem), i, i, languages & wanted, sources[i]->trust});
    const bool joinable = i + 1 < sources.size() && !sources[i]->word.gram && !sources[i + 1]->word.gram;
    if (joinable) add(sources[i]->word.text + sources[i + 1]->word.text, i, i + 1);
  }
}

/// Pairs of characters that straddle two words mean nothing: they go where a neighbour is a known pair.
void drop_straddling_pairs(std::vector<Draft>& drafts) {
  std::vector<Draft> kept;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const auto known_pair = [&](std::size_t n) {
      return n < drafts.size() && drafts[n].word.gram && drafts[n].known > 0;
    };
    const bool straddles =
        drafts[i].word.gram && drafts[i].known == 0 && (known_pair(i + 1) || (i > 0 && known_pair(i - 1)));
    if (!straddles) kept.push_back(drafts[i]);
  }
  drafts = std::move(kept);
}

}  // namespace

std::string stem_term(std::string_view stem) { return "=" + std::string(stem); }

Query analyse_query(std::string_view text, WordReader& reader, Vocabulary& vocabulary, const Lexicon* english) {
  std::vector<Word> words = reader.words(text.substr(0, 1024));
  if (words.size() > kMaxWords) words.resize(kMaxWords);
  std::vector<Draft> drafts;
  for (const Word& word : words) drafts.push_back(draft_word(word, reader, vocabulary));
  drop_straddling_pairs(drafts);
  for (Draft& draft : drafts) correct_slip(draft, reader, vocabulary, english);
  Query query;
  query.language = guess_language(drafts, english);
  Roles roles(drafts, query.language, query);
  roles.assign();
  for (std::size_t i = 0; i < query.words.size(); ++i)
    query.words[i].weight *= rarity(roles.sources()[i]->known, vocabulary.pictures(), roles.sources()[i]->word.gram);
  add_forms(query, roles.sources(), vocabulary);
  return query;
}

Query analyse_kinds(const Query& query, WordReader& reader, Vocabulary& vocabulary, const Lexicon& english) {
  Query wider{.words = {{.text = query.thing}}, .language = kEnglish, .head = 0, .exact = true, .kinds = true};
  const auto term = [&](const std::string& word) { return stem_term(reader.stem(kEnglish, word)); };
  const std::vector<std::string> kinds = words_for_kinds(english, query.thing, [&](const std::string& word) {
    const Frequencies found = vocabulary.frequencies(term(word));
    return found[kTitle] > 0 || found[kFirstLanguage + kEnglish] > 0;
  });
  double trust = kKind;
  for (const std::string& word : kinds) {
    wider.forms.push_back({term(word), 0, 0, LanguageSet{1} << kEnglish, trust});
    trust -= kFurther / static_cast<double>(kinds.size());
  }
  return wider;
}

}  // namespace llmi::store
