#include "store/corpus_rank.h"

#include <algorithm>
#include <array>

namespace llmi::store {
namespace {

constexpr double kPrecise = 0.35;
constexpr double kHead = 0.15;
constexpr double kHint = 0.04;
constexpr double kOwnPicture = 0.06;
constexpr double kLineArt = -0.06;
constexpr double kCartoon = -0.02;
constexpr double kTiny = -0.04;
constexpr double kLarge = 0.01;

constexpr std::array<std::string_view, 11> kLineArtWords{"contour", "outline", "bw",   "bn",     "icon",  "icons",
                                                         "symbol",  "symbols", "sign", "semaphore", "lineart"};

bool is_number(const std::string& word) {
  return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

bool ends_noun(const std::string& word) {
  constexpr std::string_view kEnds = " in on at of from by with without for as to and or that which who is are was it in ";
  return kEnds.find(" " + word + " ") != std::string_view::npos || (word.size() > 4 && word.ends_with("ing"));
}

}  // namespace

Ranking::Ranking(const Query& query, std::string_view hint, WordReader& reader) : query_(query), reader_(reader) {
  for (const Word& word : reader.words(hint.substr(0, 512)))
    if (!is_stop_word(kEnglish, word.text)) hint_stems_.push_back(reader.stem(kEnglish, word.text));
  asks_for_line_art_ = std::ranges::any_of(query.words, [](const QueryWord& word) {
    return std::ranges::find(kLineArtWords, word.text) != kLineArtWords.end();
  });
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
  std::size_t content = 0;
  std::size_t known = 0;
  std::size_t last_noun = query_.words.size();
  bool noun_open = true;
  for (const Word& word : reader_.words(text)) {
    if (is_stop_word(language, word.text)) {
      noun_open = noun_open && (content == 0 || !ends_noun(word.text));
      continue;
    }
    if (is_number(word.text) && content > 0) continue;
    const std::size_t match = matched(word.text, language);
    if (content > 0 && (word.after_break || ends_noun(word.text))) noun_open = false;
    if (noun_open) last_noun = match;
    ++content;
    known += match < query_.words.size() ? 1 : 0;
  }
  if (content == 0) return {};
  return {.precise = static_cast<double>(known) / static_cast<double>(content),
          .head = last_noun < query_.words.size() && (last_noun == query_.head || query_.head == Query::kNoHead)};
}

double Ranking::hint_share(std::string_view title) const {
  if (hint_stems_.empty()) return 0;
  std::size_t content = 0;
  std::size_t known = 0;
  for (const Word& word : reader_.words(title)) {
    if (is_stop_word(kEnglish, word.text)) continue;
    ++content;
    known += std::ranges::find(hint_stems_, reader_.stem(kEnglish, word.text)) != hint_stems_.end() ? 1 : 0;
  }
  return content == 0 ? 0 : static_cast<double>(known) / static_cast<double>(content);
}

double Ranking::score(const IndexedPicture& found, bool packaged) const {
  const ScannedPicture& picture = found.picture;
  const std::size_t title_language = query_.language < kGuessedLanguages ? query_.language : kEnglish;
  Closeness best = closeness(picture.title, title_language);
  for (const auto& [language, text] : picture.translations) {
    const bool own = language == query_.language || (query_.language >= kLanguages.size() && language >= kLanguages.size());
    if (!own) continue;
    const Closeness here = closeness(text, language);
    best = {.precise = std::max(best.precise, here.precise), .head = best.head || here.head};
  }
  double score = found.match + kPrecise * best.precise + (best.head ? kHead : 0) + kHint * hint_share(picture.title);
  if (!packaged) return score + kOwnPicture;
  const auto has_line_art_word = [](const Word& word) {
    return std::ranges::find(kLineArtWords, word.text) != kLineArtWords.end();
  };
  if (!asks_for_line_art_ && std::ranges::any_of(reader_.words(picture.file), has_line_art_word)) score += kLineArt;
  if (picture.file.find("cartoon") != std::string::npos) score += kCartoon;
  if (std::max(picture.width, picture.height) < 128) score += kTiny;
  if (std::min(picture.width, picture.height) >= 300) score += kLarge;
  return score;
}

}  // namespace llmi::store
