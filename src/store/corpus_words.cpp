#include "store/corpus_words.h"

#include <libstemmer.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>

#include "base/utf8.h"
#include "store/corpus_sqlite.h"

namespace llmi::store {
namespace {

struct Script {
  char32_t first;
  char32_t last;
  int kind;  ///< Runs of one kind belong together.
};

// Scripts written without spaces between words (Korean has them, but its endings stick to the words).
constexpr std::array kSpaceless{
    Script{0x0E00, 0x0EFF, 1},  // Thai, Lao
    Script{0x1000, 0x109F, 2},  // Myanmar
    Script{0x1780, 0x17FF, 3},  // Khmer
    Script{0x3041, 0x309F, 4},  // Hiragana
    Script{0x30A0, 0x30FF, 5},  // Katakana
    Script{0x3400, 0x4DBF, 6}, Script{0x4E00, 0x9FFF, 6},
    Script{0xF900, 0xFAFF, 6}, Script{0x20000, 0x3FFFF, 6},  // Han
    Script{0x1100, 0x11FF, 7}, Script{0xAC00, 0xD7AF, 7},    // Hangul
};

int spaceless_kind(char32_t c) {
  for (const Script& script : kSpaceless)
    if (c >= script.first && c <= script.last) return script.kind;
  return 0;
}

struct Character {
  char32_t value;
  std::string_view bytes;
};

std::vector<Character> characters(std::string_view valid_utf8) {
  std::vector<Character> result;
  for (std::size_t at = 0; at < valid_utf8.size();) {
    const auto lead = static_cast<unsigned char>(valid_utf8[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t value = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i)
      value = (value << 6U) | (static_cast<unsigned char>(valid_utf8[at + i]) & 0x3FU);
    result.push_back({value, valid_utf8.substr(at, length)});
    at += length;
  }
  return result;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "fireEngine" -> "fire Engine", "HTMLPage" -> "HTML Page", "rana02" -> "rana 02"; "F16" and "mp3" stay whole.
std::string split_inner_words(std::string_view text) {
  std::string result;
  result.reserve(text.size() + 8);
  std::size_t letters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char before = i > 0 ? text[i - 1] : ' ';
    const char after = i + 1 < text.size() ? text[i + 1] : ' ';
    const bool camel = is_upper(c) && (is_lower(before) || (is_upper(before) && is_lower(after)));
    const bool number = is_digit(c) && letters >= 3;
    if (camel || number) result.push_back(' ');
    letters = is_lower(c) || is_upper(c) ? letters + 1 : 0;
    result.push_back(c);
  }
  return result;
}

/// Persian and Urdu write two letters of Arabic with other code points.
std::string arabic_letters(std::string_view token) {
  std::string result(token);
  for (std::size_t at = result.find("\xDB\x8C"); at != std::string::npos; at = result.find("\xDB\x8C", at))
    result.replace(at, 2, "\xD9\x8A");
  for (std::size_t at = result.find("\xDA\xA9"); at != std::string::npos; at = result.find("\xDA\xA9", at))
    result.replace(at, 2, "\xD9\x83");
  return result;
}

// Appends a token; parts in spaceless scripts as overlapping pairs, a lone character as itself.
void append_token(std::vector<Word>& words, std::string_view token, const Word& shape) {
  const std::vector<Character> chars = characters(token);
  for (std::size_t at = 0; at < chars.size();) {
    const int kind = spaceless_kind(chars[at].value);
    std::size_t end = at + 1;
    while (end < chars.size() && spaceless_kind(chars[end].value) == kind) ++end;
    const auto piece = [&](std::size_t from, std::size_t to, bool gram) {
      Word word = shape;
      word.gram = gram;
      for (std::size_t i = from; i < to; ++i) word.text += chars[i].bytes;
      words.push_back(std::move(word));
    };
    if (kind == 0 || end - at == 1) {
      piece(at, end, kind != 0);
    } else {
      for (std::size_t i = at; i + 1 < end; ++i) piece(i, i + 2, true);
    }
    at = end;
  }
}

struct Collector {
  std::string_view text;
  std::vector<Word> words;
  std::size_t last_end = 0;
};

int collect(void* context, int /*flags*/, const char* token, int size, int begin, int end) {
  constexpr std::string_view kBreaks = ".,;:!?()[]{}\"\n";
  auto& collector = *static_cast<Collector*>(context);
  const auto first = static_cast<std::size_t>(begin);
  const std::string_view between = collector.text.substr(collector.last_end, first - collector.last_end);
  Word shape;
  shape.capitalised = is_upper(collector.text[first]);
  const bool breaks =
      between.find_first_of(kBreaks) != std::string_view::npos || between.find(" -") != std::string_view::npos;
  shape.after_break = !collector.words.empty() && breaks;
  append_token(collector.words, arabic_letters({token, static_cast<std::size_t>(size)}), shape);
  collector.last_end = static_cast<std::size_t>(end);
  return SQLITE_OK;
}

}  // namespace

std::size_t language_of_locale(std::string_view locale) {
  if (locale == "sr@latin") return kLanguages.size();
  std::string_view code = locale.substr(0, locale.find_first_of("_@-."));
  if (code == "nb" || code == "nn") code = "no";
  const auto found = std::ranges::find(kLanguages, code, &Language::code);
  return static_cast<std::size_t>(found - kLanguages.begin());
}

Result<std::unique_ptr<WordReader>> WordReader::make() {
  std::unique_ptr<WordReader> reader(new WordReader);
  if (sqlite3_open_v2(":memory:", &reader->database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK)
    return internal_error("cannot start SQLite");
  fts5_api* api = fts5_of(reader->database_);
  void* context = nullptr;
  fts5_tokenizer module{};
  if (api == nullptr || api->xFindTokenizer(api, "unicode61", &context, &module) != SQLITE_OK)
    return internal_error("SQLite was built without FTS5");
  // Vowel signs (Mn, Mc) belong to the words of Indic scripts.
  const char* options[] = {"remove_diacritics", "2", "categories", "L* N* Co Mn Mc"};
  if (module.xCreate(context, options, 4, &reader->tokenizer_) != SQLITE_OK)
    return internal_error("SQLite has no Unicode tokenizer");
  reader->delete_tokenizer_ = module.xDelete;
  reader->tokenize_ = module.xTokenize;
  for (std::size_t i = 0; i < kLanguages.size(); ++i)
    reader->stemmers_[i] = sb_stemmer_new(std::string(kLanguages[i].stemmer).c_str(), "UTF_8");
  return reader;
}

WordReader::~WordReader() {
  for (sb_stemmer* stemmer : stemmers_) sb_stemmer_delete(stemmer);
  if (tokenizer_ != nullptr) delete_tokenizer_(tokenizer_);
  sqlite3_close(database_);
}

std::vector<Word> WordReader::words(std::string_view text) const {
  const std::string prepared = split_inner_words(is_valid_utf8(text) ? std::string(text) : to_valid_utf8(text));
  Collector collector{.text = prepared, .words = {}};
  tokenize_(tokenizer_, &collector, FTS5_TOKENIZE_DOCUMENT, prepared.data(), static_cast<int>(prepared.size()),
            collect);
  return std::move(collector.words);
}

const std::string& WordReader::stem(std::size_t language, const std::string& word) {
  constexpr std::size_t kRemembered = 100'000;
  auto& known = stems_[language];
  if (const auto found = known.find(word); found != known.end()) return found->second;
  if (known.size() > kRemembered) known.clear();
  std::string& slot = known[word];
  slot = word;
  if (stemmers_[language] == nullptr || word.size() > 64) return slot;
  const sb_symbol* stemmed = sb_stemmer_stem(stemmers_[language], reinterpret_cast<const sb_symbol*>(word.data()),
                                             static_cast<int>(word.size()));
  if (stemmed != nullptr)
    slot.assign(reinterpret_cast<const char*>(stemmed),
                static_cast<std::size_t>(sb_stemmer_length(stemmers_[language])));
  return slot;
}

}  // namespace llmi::store
