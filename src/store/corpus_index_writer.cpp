#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "store/corpus_index.h"
#include "store/corpus_index_format.h"
#include "store/corpus_sqlite.h"

namespace llmi::store {
namespace {

/// A picture's words by column, as the terms of the index: each word as it is, then its stems.
class TermWriter {
 public:
  explicit TermWriter(WordReader& reader) : reader_(reader) {}

  /// Text in an unknown language. `joined`: neighbours also as one word, since "fireengine" and "fire engine" are the
  /// same.
  [[nodiscard]] std::string guessed(const std::string& text, bool joined) {
    std::string terms;
    const std::vector<Word> words = reader_.words(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
      add(terms, words[i].text);
      for (const std::string& stem : guessed_stems(words[i])) add(terms, stem);
      const bool pair = joined && i + 1 < words.size() && !words[i].gram && !words[i + 1].gram;
      if (pair) add(terms, words[i].text + words[i + 1].text);
    }
    return terms;
  }

  [[nodiscard]] std::string in_language(std::size_t language, const std::string& text) {
    std::string terms;
    for (const Word& word : reader_.words(text)) {
      add(terms, word.text);
      if (language < kLanguages.size() && !word.gram) add(terms, stem_term(reader_.stem(language, word.text)));
      // A lone character ("象") must find the words it is part of.
      if (word.gram) add_characters(terms, word.text);
    }
    return terms;
  }

 private:
  static void add(std::string& terms, std::string_view term) {
    if (!terms.empty()) terms.push_back(' ');
    terms.append(term);
  }

  static void add_characters(std::string& terms, std::string_view pair) {
    for (std::size_t at = 0; at < pair.size();) {
      std::size_t end = at + 1;
      while (end < pair.size() && (static_cast<unsigned char>(pair[end]) & 0xC0U) == 0x80U) ++end;
      add(terms, pair.substr(at, end - at));
      at = end;
    }
  }

  std::set<std::string> guessed_stems(const Word& word) {
    std::set<std::string> stems;
    for (std::size_t i = 0; i < kGuessedLanguages && !word.gram; ++i)
      stems.insert(stem_term(reader_.stem(i, word.text)));
    return stems;
  }

  WordReader& reader_;
};

class Writer {
 public:
  Writer(sqlite3* database, WordReader& reader)
      : terms_(reader),
        picture_(database, "INSERT INTO pictures VALUES(?,?,?,?,?,?,?,?,?,?)"),
        words_(database, insert_words_sql()),
        translation_(database, "INSERT INTO translations VALUES(?,?,?)") {}

  [[nodiscard]] bool add(std::int64_t id, const ScannedPicture& picture) {
    bind_picture(id, picture);
    add_words(id, picture);
    for (const auto& [language, text] : picture.translations) {
      translation_.bind(1, id);
      translation_.bind(2, static_cast<std::int64_t>(language));
      translation_.bind(3, text);
      translation_.step();
      translation_.reset();
    }
    return picture_.ok() && words_.ok() && translation_.ok();
  }

 private:
  void bind_picture(std::int64_t id, const ScannedPicture& picture) {
    picture_.bind(1, id);
    picture_.bind(2, picture.file);
    picture_.bind(3, picture.title);
    picture_.bind(4, std::int64_t{picture.width});
    picture_.bind(5, std::int64_t{picture.height});
    picture_.bind(6, picture.creator);
    picture_.bind(7, picture.licence);
    picture_.bind(8, picture.licence_url);
    picture_.bind(9, picture.page_url);
    picture_.bind(10, picture.attribution);
    picture_.step();
    picture_.reset();
  }

  void add_words(std::int64_t id, const ScannedPicture& picture) {
    std::array<std::string, kColumns> columns;
    columns[kTitle] = terms_.guessed(picture.title, true);
    columns[kName] = terms_.guessed(picture.name_words, true);
    columns[kPlace] = terms_.guessed(picture.place_words, false);
    columns[kDescription] = terms_.guessed(picture.description, false);
    for (const auto& [language, text] : picture.translations)
      columns[kFirstLanguage + language] = terms_.in_language(language, text);
    words_.bind(1, id);
    for (std::size_t i = 0; i < kColumns; ++i) words_.bind(static_cast<int>(i) + 2, columns[i]);
    words_.step();
    words_.reset();
  }

  static std::string insert_words_sql() {
    std::string sql = "INSERT INTO words(rowid";
    for (std::size_t i = 0; i < kColumns; ++i) sql += "," + column_name(i);
    sql += ") VALUES(?";
    for (std::size_t i = 0; i < kColumns; ++i) sql += ",?";
    return sql + ")";
  }

  TermWriter terms_;
  Statement picture_;
  Statement words_;
  Statement translation_;
};

std::unexpected<Error> sqlite_error(sqlite3* database) {
  return internal_error(fmt::format("cannot write the picture index: {}", sqlite3_errmsg(database)));
}

bool execute(sqlite3* database, const std::string& sql) {
  return sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

bool create_tables(sqlite3* database) {
  std::string words = "CREATE VIRTUAL TABLE words USING fts5(";
  for (std::size_t i = 0; i < kColumns; ++i) words += column_name(i) + ",";
  words += "content='',columnsize=0,detail=column,tokenize=\"ascii tokenchars '='\")";
  // The file is thrown away when the writing is interrupted: no journal.
  return execute(database, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; BEGIN") &&
         execute(database,
                 "CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
                 "CREATE TABLE watched(path TEXT);"
                 "CREATE TABLE problems(warning INTEGER, file TEXT, reason TEXT);"
                 "CREATE TABLE pictures(id INTEGER PRIMARY KEY, file TEXT, title TEXT, width INTEGER, height INTEGER, "
                 "creator TEXT,"
                 " licence TEXT, licence_url TEXT, page_url TEXT, attribution TEXT);"
                 "CREATE TABLE translations(id INTEGER, language INTEGER, text TEXT, PRIMARY KEY(id, language)) "
                 "WITHOUT ROWID") &&
         execute(database, words);
}

bool write_facts(sqlite3* database, const CorpusSpec& spec, const Scan& scan) {
  Statement fact(database, "INSERT INTO facts VALUES(?,?)");
  const auto put = [&](std::string_view name, const std::string& value) {
    fact.bind(1, name);
    fact.bind(2, value);
    fact.step();
    fact.reset();
  };
  put("name", spec.name);
  put("folder", spec.folder.string());
  put("licence", spec.licence);
  put("licence_url", spec.licence_url);
  put("creator", spec.creator);
  put("page_url", spec.page_url);
  put("packaged", spec.packaged ? "1" : "");
  put("fingerprint", scan.fingerprint);
  put("pictures", std::to_string(scan.pictures.size()));
  return fact.ok();
}

bool write_lists(sqlite3* database, const Scan& scan) {
  Statement watched(database, "INSERT INTO watched VALUES(?)");
  for (const std::string& path : scan.watched) {
    watched.bind(1, path);
    watched.step();
    watched.reset();
  }
  Statement problem(database, "INSERT INTO problems VALUES(?,?,?)");
  const auto put = [&](const Problem& entry, std::int64_t warning) {
    problem.bind(1, warning);
    problem.bind(2, entry.file);
    problem.bind(3, entry.reason);
    problem.step();
    problem.reset();
  };
  for (const Problem& entry : scan.skipped) put(entry, 0);
  for (const Problem& entry : scan.warnings) put(entry, 1);
  return watched.ok() && problem.ok();
}

/// Of pictures that match equally well those with the lowest numbers are looked at closely, and a short title says that
/// the picture shows just this.
std::vector<const ScannedPicture*> short_titles_first(const Scan& scan) {
  std::vector<const ScannedPicture*> order;
  for (const ScannedPicture& picture : scan.pictures) order.push_back(&picture);
  std::ranges::sort(order, [](const ScannedPicture* a, const ScannedPicture* b) {
    return a->title.size() != b->title.size() ? a->title.size() < b->title.size() : a->file < b->file;
  });
  return order;
}

/// How many pictures hold a term in a column: SQLite's own view of this counts anew for every question.
bool write_frequencies(sqlite3* database) {
  return execute(database, "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'words', 'col')") &&
         execute(
             database,
             "CREATE TABLE frequencies(term TEXT, col TEXT, pictures INTEGER, PRIMARY KEY(term, col)) WITHOUT ROWID") &&
         execute(database, "INSERT INTO frequencies SELECT term, col, doc FROM temp.vocabulary");
}

Result<void> fill(const RunContext& context, sqlite3* database, const CorpusSpec& spec, const Scan& scan) {
  LLMI_TRY(const std::unique_ptr<WordReader> reader, WordReader::make());
  if (!create_tables(database)) return sqlite_error(database);
  Writer writer(database, *reader);
  std::int64_t id = 0;
  for (const ScannedPicture* picture : short_titles_first(scan)) {
    if (++id % 64 == 1) LLMI_CHECK_OK(context.check());
    if (!writer.add(id, *picture)) return sqlite_error(database);
  }
  const bool done = write_facts(database, spec, scan) && write_lists(database, scan) &&
                    execute(database, "INSERT INTO words(words) VALUES('optimize')") && write_frequencies(database) &&
                    execute(database, fmt::format("PRAGMA user_version={}; COMMIT", kIndexFormat));
  if (!done) return sqlite_error(database);
  return {};
}

/// The new file's bytes must be on the disk before its name is.
bool publish(const std::filesystem::path& scratch, const std::filesystem::path& file) {
  const int fd = ::open(scratch.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  return synced && ::rename(scratch.c_str(), file.c_str()) == 0;
}

}  // namespace

Result<void> write_index(const RunContext& context, const std::filesystem::path& file, const CorpusSpec& spec,
                         const Scan& scan) {
  const std::filesystem::path scratch = file.string() + ".new";
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::filesystem::remove(scratch, ignored);  // left by a writer that was killed
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  Result<void> filled;
  if (sqlite3_open_v2(scratch.c_str(), &database, flags, nullptr) != SQLITE_OK) {
    filled = sqlite_error(database);
  } else {
    filled = fill(context, database, spec, scan);
  }
  sqlite3_close(database);
  if (filled && !publish(scratch, file)) filled = internal_error("cannot write the picture index: " + file.string());
  if (!filled) std::filesystem::remove(scratch, ignored);
  return filled;
}

}  // namespace llmi::store
