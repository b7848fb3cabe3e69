#include "store/corpus_rank.h"

#include <algorithm>
#include <array>
#include <set>

namespace llmi::store {
namespace {

constexpr double kPrecise = 0.35;
constexpr double kInPart = -0.3;
constexpr double kHead = 0.25;
constexpr double kHint = 0.6;
constexpr double kOwnPicture = 0.06;
constexpr double kCurated = 0.02;  // somebody described it in many languages
constexpr double kSign = -0.06;
constexpr double kCartoon = -0.02;
constexpr double kTiny = -0.15;   // below 64 pixels
constexpr double kSmall = -0.05;  // below 128
constexpr double kLarge = 0.02;   // from 300

// Names of files and folders that hold drawings without colour, signs and symbols rather than the thing itself.
constexpr std::array<std::string_view, 16> kSignWords{
    "contour", "outline", "bw",        "bn",      "icon",    "icons",     "symbol",    "symbols",
    "sign",    "signs",   "roadsigns", "smilies", "lineart", "semaphore", "mimetypes", "emblems"};

bool is_number(const std::string& word) {
  return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

/// "a spider | playing computer games", but "mountain biking".
bool ends_noun(const std::string& word, bool last) {
  constexpr std::string_view kEnds = " in on at of from by with without for as to that which who is are was it ";
  return kEnds.find(" " + word + " ") != std::string_view::npos || (!last && word.size() > 4 && word.ends_with("ing"));
}

double size_preference(const ScannedPicture& picture) {
  const int side = picture.file.ends_with(".svg") ? 1000 : std::max(picture.width, picture.height);
  return side < 64 ? kTiny : side < 128 ? kSmall : side < 300 ? 0 : kLarge;
}

}  // namespace

Ranking::Ranking(const Query& query, std::string_view hint, WordReader& reader) : query_(query), reader_(reader) {
  for (const Word& word : reader.words(hint.substr(0, 512)))
    if (!is_stop_word(kEnglish, word.text)) hint_stems_.insert(reader.stem(kEnglish, word.text));
  asks_for_signs_ = std::ranges::any_of(
      query.words, [](const QueryWord& word) { return std::ranges::find(kSignWords, word.text) != kSignWords.end(); });
}

std::size_t Ranking::matched(const std::string& word, std::size_t language) const {
  const std::string stem = language < kLanguages.size() ? stem_term(reader_.stem(language, word)) : std::string();
  for (const QueryForm& form : query_.forms) {
    const bool same = form.languages == 0 ? form.term == word
                                          : (form.languages & (LanguageSet{1} << language)) != 0 && form.term == stem;
    if (same) return form.last;
  }
  return query_.words.size();
}

Ranking::Closeness Ranking::closeness(std::string_view text, std::size_t language) const {
  Closeness best;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Closeness line = line_closeness(text.substr(0, end), language);
    if (line.precise > best.precise || (line.precise == best.precise && line.head)) best = line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return best;
}

Ranking::Closeness Ranking::line_closeness(std::string_view line, std::size_t language) const {
  const bool head_first = language < kLanguages.size() && kLanguages[language].head_first;
  const std::vector<Word> words = reader_.words(line);
  std::size_t content = 0;
  std::size_t known = 0;
  std::size_t noun =
      query_.words.size();  // what the line is about: the first noun or the last one before a preposition
  bool noun_open = true;
  bool head = false;
  const auto is_head = [&](std::size_t match) {
    return match < query_.words.size() && (match == query_.head || query_.head == Query::kNoHead);
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    if (noun_open && (word.text == "and" || word.text == "und")) head = head || is_head(noun);
    const bool ends = word.after_break || ends_noun(word.text, i + 1 == words.size());
    if (content > 0 && ends) noun_open = false;
    if (is_stop_word(language, word.text) || (is_number(word.text) && content > 0)) continue;
    const std::size_t match = matched(word.text, language);
    if (noun_open && (content == 0 || !head_first)) noun = match;
    ++content;
    known += match < query_.words.size() ? 1 : 0;
  }
  if (content == 0) return {};
  return {.precise = static_cast<double>(known) / static_cast<double>(content), .head = head || is_head(noun)};
}

double Ranking::hint_share(std::string_view title) const {
  std::set<std::string> found;
  for (const Word& word : reader_.words(title)) {
    const std::string& stem = reader_.stem(kEnglish, word.text);
    if (hint_stems_.contains(stem)) found.insert(stem);
  }
  return hint_stems_.empty() ? 0 : static_cast<double>(found.size()) / static_cast<double>(hint_stems_.size());
}

double Ranking::score(const IndexedPicture& found, bool packaged) const {
  const ScannedPicture& picture = found.picture;
  const std::size_t title_language = query_.language < kGuessedLanguages ? query_.language : kEnglish;
  Closeness best = closeness(picture.title, title_language);
  for (const auto& [language, text] : picture.translations) {
    const bool own =
        language == query_.language || (query_.language >= kLanguages.size() && language >= kLanguages.size());
    if (!own) continue;
    const Closeness here = closeness(text, language);
    best = {.precise = std::max(best.precise, here.precise), .head = best.head || here.head};
  }
  if ((query_.guessed_head || found.in_part) && (best.precise < 1 || !best.head)) return 0;
  if (query_.kinds && !best.head) return 0;
  double score = found.match + (found.in_part ? kInPart : 0) + kPrecise * best.precise + (best.head ? kHead : 0) +
                 kHint * hint_share(picture.title);
  if (!packaged) return score + kOwnPicture;
  const auto has_sign_word = [](const Word& word) {
    return std::ranges::find(kSignWords, word.text) != kSignWords.end();
  };
  if (!asks_for_signs_ && std::ranges::any_of(reader_.words(picture.file), has_sign_word)) score += kSign;
  if (picture.file.find("cartoon") != std::string::npos) score += kCartoon;
  if (!picture.translations.empty()) score += kCurated;
  return score + size_preference(picture);
}

}  // namespace llmi::store
