#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"

struct sqlite3;
struct sb_stemmer;
struct Fts5Tokenizer;

namespace llmi::store {

/// A language whose word stems are known.
struct Language {
  std::string_view code;     ///< ISO 639, also the column of the index.
  std::string_view stemmer;  ///< Its name in libstemmer.
  bool head_first = false;   ///< The noun comes before what describes it ("camion rouge").
};

/// In order of precedence where a query could be in several of them.
inline constexpr std::array kLanguages{
    Language{"en", "english"},        Language{"de", "german"},
    Language{"fr", "french", true},   Language{"es", "spanish", true},
    Language{"it", "italian", true},  Language{"pt", "portuguese", true},
    Language{"nl", "dutch"},          Language{"sv", "swedish"},
    Language{"da", "danish"},         Language{"no", "norwegian"},
    Language{"fi", "finnish"},        Language{"ca", "catalan", true},
    Language{"ro", "romanian", true}, Language{"hu", "hungarian"},
    Language{"tr", "turkish"},        Language{"ru", "russian"},
    Language{"el", "greek"},          Language{"eu", "basque", true},
    Language{"ga", "irish", true},    Language{"hy", "armenian"},
    Language{"lt", "lithuanian"},     Language{"id", "indonesian", true},
    Language{"sr", "serbian"},        Language{"ar", "arabic", true},
    Language{"hi", "hindi"},
};
inline constexpr std::size_t kEnglish = 0;

/// Texts of unknown language (titles, file names) are stemmed in the first so many languages.
inline constexpr std::size_t kGuessedLanguages = 8;

/// A bit for each of kLanguages.
using LanguageSet = std::uint32_t;

/// Index into kLanguages for a locale like "de", "pt_BR" or "ca@valencia"; kLanguages.size() when its stems are
/// unknown.
[[nodiscard]] std::size_t language_of_locale(std::string_view locale);

/// Whether a word only holds a sentence of this language together ("the", "ein").
[[nodiscard]] bool is_stop_word(std::size_t language, std::string_view word);

/// A word as the index knows it.
struct Word {
  std::string text;          ///< Lower case, without diacritics.
  bool gram = false;         ///< One or two characters of a script that is written without spaces.
  bool capitalised = false;  ///< Written with a capital first letter.
  bool after_break = false;  ///< A comma, full stop, colon, semicolon, bracket or dash stands before it.
};

/// Takes texts apart into words and words down to their stems. Not thread-safe; cheap to make (about 1 ms).
class WordReader {
 public:
  [[nodiscard]] static Result<std::unique_ptr<WordReader>> make();
  WordReader(const WordReader&) = delete;
  WordReader& operator=(const WordReader&) = delete;
  ~WordReader();

  /// Splits at everything that is no letter or digit, in camelCase and between a name and its number ("rana02"). Runs
  /// of Chinese, Japanese, Korean, Thai … characters become overlapping pairs.
  [[nodiscard]] std::vector<Word> words(std::string_view text) const;

  [[nodiscard]] const std::string& stem(std::size_t language, const std::string& word);

 private:
  WordReader() = default;

  sqlite3* database_ = nullptr;  // owns the tokenizer module
  Fts5Tokenizer* tokenizer_ = nullptr;
  void (*delete_tokenizer_)(Fts5Tokenizer*) = nullptr;
  int (*tokenize_)(Fts5Tokenizer*, void*, int, const char*, int,
                   int (*)(void*, int, const char*, int, int, int)) = nullptr;
  std::array<sb_stemmer*, kLanguages.size()> stemmers_{};
  std::array<std::unordered_map<std::string, std::string>, kLanguages.size()> stems_;
};

}  // namespace llmi::store
