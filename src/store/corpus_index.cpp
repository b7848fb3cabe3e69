#include "store/corpus_index.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

#include "store/corpus_index_format.h"
#include "store/corpus_slips.h"

namespace llmi::store {
namespace {

constexpr double kStemmed = 0.97;
constexpr double kForeign = 0.85;  // another language than the query's
constexpr double kWhole = 0.75;    // part of the core's weight with which a picture fits as it is
constexpr double kPart = 0.44;     // and with which it fits as the plain thing

constexpr double kGuess = 0.95;  // a text of unknown language, for a query whose language is known
constexpr double kDescribed = 0.7;

constexpr double column_quality(std::size_t column) {
  switch (column) {
    case kTitle:
      return 1.0;
    case kName:
      return 0.95;
    case kPlace:
      return 0.45;
    case kDescription:
      return kDescribed;
    case kOtherLanguages:
      return 0.8;
    default:
      return 1.0;
  }
}

constexpr LanguageSet kGuessed = (LanguageSet{1} << kGuessedLanguages) - 1;

constexpr LanguageSet only(std::size_t language) { return LanguageSet{1} << language; }

/// Whether a stem may be trusted in a column. Stems of other languages meet by chance: Spanish makes "sol" of "solar".
bool stem_counts(const Query& query, LanguageSet languages, std::size_t column) {
  const bool known = query.language < kLanguages.size();
  if (column == kOtherLanguages) return false;
  if (column < kFirstLanguage) return (languages & (known ? only(query.language) & kGuessed : kGuessed)) != 0;
  const std::size_t language = column - kFirstLanguage;
  return (!known || language == query.language) && (languages & only(language)) != 0;
}

/// How well a form found in a column stands for its words; 0: not at all.
double quality(const Query& query, const QueryForm& form, std::size_t column) {
  if (form.languages != 0 && !stem_counts(query, form.languages, column)) return 0;
  const double result = column_quality(column) * (form.languages != 0 ? kStemmed : 1.0) * form.trust;
  if (query.language >= kLanguages.size() || column == kOtherLanguages) return result;
  if (column < kFirstLanguage) return query.language == kEnglish ? result : result * kGuess;
  return column - kFirstLanguage == query.language ? result : result * kForeign;
}

constexpr std::size_t kMaxQueryWords = 32;
constexpr std::size_t kTextLanguages = kLanguages.size() + 1;

/// What one picture has of the words of a query. Words must be found in texts of one language (or of unknown language):
/// a German article and a French noun do not make a sentence.
class Coverage {
 public:
  explicit Coverage(const Query& query) : query_(query) {}

  void found(const QueryForm& form, std::size_t column) {
    const double value = quality(query_, form, column);
    if (value <= 0) return;
    const std::size_t row = column < kFirstLanguage ? 0 : column - kFirstLanguage + 1;
    for (std::size_t word = form.first; word <= form.last; ++word) best_[row][word] = std::max(best_[row][word], value);
    used_.set(row);
  }

  /// 0 when the picture does not fit; negative when it does in part only.
  [[nodiscard]] double value() const {
    double best = in_language(0);
    for (std::size_t row = 1; row <= kTextLanguages; ++row)
      if (used_.test(row)) best = better(best, in_language(row));
    return best;
  }

 private:
  static double better(double a, double b) { return a > 0 || b > 0 ? std::max(a, b) : std::min(a, b); }

  [[nodiscard]] double in_language(std::size_t row) const {
    double all = 0;
    double have = 0;
    double core = 0;
    double core_have = 0;
    bool described = false;
    for (std::size_t i = 0; i < query_.words.size(); ++i) {
      const QueryWord& word = query_.words[i];
      const double value = std::max(best_[0][i], best_[row][i]);
      if (i == query_.head && value <= 0) return 0;
      // A long text mentions much that the picture does not show: there, all words must stand.
      if (i == query_.head && value <= kDescribed && value > column_quality(kPlace)) described = true;
      all += word.weight;
      have += word.weight * value;
      core += word.core ? word.weight : 0;
      core_have += word.core && value > 0 ? word.weight : 0;
    }
    if (core <= 0 || core_have < kPart * core) return 0;
    if (described) return core_have >= 0.95 * core ? have / all : 0;
    return core_have >= kWhole * core ? have / all : query_.exact ? 0 : -have / all;
  }

  const Query& query_;
  std::array<std::array<double, kMaxQueryWords>, kTextLanguages + 1> best_{};
  std::bitset<kTextLanguages + 1> used_;
};

void coverage_function(const Fts5ExtensionApi* api, Fts5Context* fts, sqlite3_context* result, int /*count*/,
                       sqlite3_value** /*values*/) {
  const Query* query = *static_cast<const Query**>(api->xUserData(fts));
  Coverage coverage(*query);
  // The head's forms stand once more in front (match_expression).
  const int skipped = api->xPhraseCount(fts) - static_cast<int>(query->forms.size());
  for (int phrase = skipped; phrase < api->xPhraseCount(fts); ++phrase) {
    Fts5PhraseIter iterator{};
    int column = -1;
    if (api->xPhraseFirstColumn(fts, phrase, &iterator, &column) != SQLITE_OK) continue;
    for (; column >= 0; api->xPhraseNextColumn(fts, &iterator, &column))
      coverage.found(query->forms[static_cast<std::size_t>(phrase - skipped)], static_cast<std::size_t>(column));
  }
  sqlite3_result_double(result, coverage.value());
}

/// "a" OR "b" for the forms of one word, or of all words.
std::string alternatives(const Query& query, std::size_t word) {
  std::string expression;
  for (const QueryForm& form : query.forms) {
    if (word != Query::kNoHead && (word < form.first || word > form.last)) continue;
    if (!expression.empty()) expression += " OR ";
    expression += '"';
    for (const char c : form.term)
      if (c != '"') expression += c;
    expression += '"';
  }
  return expression;
}

/// Only rows with the head can fit: SQLite then need not look at the others.
std::string match_expression(const Query& query) {
  std::string all = alternatives(query, Query::kNoHead);
  if (query.head == Query::kNoHead) return all;
  const std::string head = alternatives(query, query.head);
  return head.empty() ? head : "(" + head + ") AND (" + all + ")";
}

}  // namespace

struct CorpusIndex::Database {
  sqlite3* handle = nullptr;
  ~Database() { sqlite3_close(handle); }
};

CorpusIndex::~CorpusIndex() = default;

Result<std::unique_ptr<CorpusIndex>> CorpusIndex::open(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return not_found("no index at " + file.string());
  std::unique_ptr<CorpusIndex> index(new CorpusIndex);
  index->database_ = std::make_unique<Database>();
  std::string uri = "file:";
  for (const char c : file.string())
    uri += c == '?' || c == '#' || c == '%' ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2((uri + "?immutable=1").c_str(), &index->database_->handle, flags, nullptr) != SQLITE_OK)
    return fail(ErrorCode::kUnreadable, Origin::kInternal, "cannot open the picture index " + file.string());
  LLMI_CHECK_OK(index->read_summary());
  LLMI_CHECK_OK(index->prepare());
  return index;
}

Result<void> CorpusIndex::read_summary() {
  sqlite3* database = database_->handle;
  Statement version(database, "PRAGMA user_version");
  if (!version.step() || version.integer(0) != kIndexFormat)
    return fail(ErrorCode::kUnreadable, Origin::kInternal, "a picture index of another version");
  Statement facts(database, "SELECT name, value FROM facts");
  while (facts.step()) {
    const std::string name = facts.text(0);
    if (name == "name") summary_.spec.name = facts.text(1);
    if (name == "folder") summary_.spec.folder = facts.text(1);
    if (name == "licence") summary_.spec.licence = facts.text(1);
    if (name == "licence_url") summary_.spec.licence_url = facts.text(1);
    if (name == "creator") summary_.spec.creator = facts.text(1);
    if (name == "page_url") summary_.spec.page_url = facts.text(1);
    if (name == "packaged") summary_.spec.packaged = !facts.text(1).empty();
    if (name == "fingerprint") summary_.fingerprint = facts.text(1);
    if (name == "pictures") summary_.pictures = static_cast<std::size_t>(facts.integer(1));
  }
  Statement watched(database, "SELECT path FROM watched ORDER BY rowid");
  while (watched.step()) summary_.watched.push_back(watched.text(0));
  Statement problems(database, "SELECT warning, file, reason FROM problems ORDER BY rowid");
  while (problems.step())
    (problems.integer(0) != 0 ? summary_.warnings : summary_.skipped).push_back({problems.text(1), problems.text(2)});
  if (!facts.ok() || !watched.ok() || !problems.ok() || summary_.fingerprint.empty())
    return fail(ErrorCode::kUnreadable, Origin::kInternal, "a damaged picture index");
  return {};
}

Result<void> CorpusIndex::prepare() {
  sqlite3* database = database_->handle;
  fts5_api* api = fts5_of(database);
  const bool ready =
      api != nullptr && api->xCreateFunction(api, "coverage", &current_, coverage_function, nullptr) == SQLITE_OK;
  if (!ready) return internal_error(fmt::format("cannot read the picture index: {}", sqlite3_errmsg(database)));
  frequency_ = Statement(database, "SELECT col, pictures FROM frequencies WHERE term = ?");
  similar_ = Statement(database,
                       "SELECT term, max(pictures) FROM frequencies WHERE term >= ?1 AND term < ?2 AND col <> ?3 AND "
                       "length(term) BETWEEN ?4 - 1 AND ?4 + 1 GROUP BY term");
  match_ = Statement(database, "SELECT rowid, coverage(words) FROM words WHERE words MATCH ?");
  picture_ = Statement(database, "SELECT * FROM pictures WHERE id = ?");
  translations_ = Statement(database, "SELECT language, text FROM translations WHERE id = ?");
  if (!frequency_.ok() || !similar_.ok() || !match_.ok() || !picture_.ok() || !translations_.ok())
    return fail(ErrorCode::kUnreadable, Origin::kInternal, "a damaged picture index");
  return {};
}

Frequencies CorpusIndex::frequencies(std::string_view term) {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < kColumns; ++i) names.push_back(column_name(i));
    return names;
  }();
  Frequencies result{};
  frequency_.bind(1, term);
  while (frequency_.step()) {
    const auto column = static_cast<std::size_t>(std::ranges::find(kNames, frequency_.text(0)) - kNames.begin());
    if (column < kColumns) result[column] = static_cast<std::uint32_t>(frequency_.integer(1));
  }
  frequency_.reset();
  return result;
}

std::vector<std::pair<std::string, std::uint32_t>> CorpusIndex::one_slip_from(std::string_view word) {
  const std::string first(word.substr(0, 1));
  const std::string behind = first + "\xFF";
  const std::string others = column_name(kOtherLanguages);
  similar_.bind(1, first);
  similar_.bind(2, behind);
  similar_.bind(3, others);
  similar_.bind(4, static_cast<std::int64_t>(word.size()));
  std::vector<std::pair<std::string, std::uint32_t>> found;
  while (similar_.step()) {
    std::string term = similar_.text(0);
    if (one_slip_apart(word, term))
      found.emplace_back(std::move(term), static_cast<std::uint32_t>(similar_.integer(1)));
  }
  similar_.reset();
  return found;
}

std::vector<IndexedPicture> CorpusIndex::match(const Query& query, std::size_t limit) {
  if (query.forms.empty() || query.words.size() > kMaxQueryWords) return {};
  std::vector<std::pair<double, std::int64_t>> found;
  const std::string expression = match_expression(query);
  if (expression.empty()) return {};
  current_ = &query;
  match_.bind(1, expression);
  while (match_.step())
    if (const double coverage = match_.number(1); coverage != 0) found.emplace_back(coverage, match_.integer(0));
  match_.reset();
  current_ = nullptr;
  const auto kept = static_cast<std::ptrdiff_t>(std::min(limit, found.size()));
  std::ranges::partial_sort(found, found.begin() + kept, [](const auto& a, const auto& b) {
    const double left = std::abs(a.first);
    const double right = std::abs(b.first);
    return left != right ? left > right : a.second < b.second;
  });
  std::vector<IndexedPicture> result;
  for (std::ptrdiff_t i = 0; i < kept; ++i)
    result.push_back(picture(found[static_cast<std::size_t>(i)].second, found[static_cast<std::size_t>(i)].first));
  return result;
}

IndexedPicture CorpusIndex::picture(std::int64_t id, double match) {
  IndexedPicture result{.match = std::abs(match), .in_part = match < 0};
  ScannedPicture& picture = result.picture;
  picture_.bind(1, id);
  if (picture_.step()) {
    picture.file = picture_.text(1);
    picture.title = picture_.text(2);
    picture.width = static_cast<int>(picture_.integer(3));
    picture.height = static_cast<int>(picture_.integer(4));
    picture.creator = picture_.text(5);
    picture.licence = picture_.text(6);
    picture.licence_url = picture_.text(7);
    picture.page_url = picture_.text(8);
    picture.attribution = picture_.text(9);
  }
  picture_.reset();
  translations_.bind(1, id);
  while (translations_.step()) picture.translations.emplace_back(translations_.integer(0), translations_.text(1));
  translations_.reset();
  return result;
}

}  // namespace llmi::store
