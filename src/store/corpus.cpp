#include "store/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "base/sha256.h"
#include "store/corpus_index.h"
#include "store/corpus_index_format.h"
#include "store/corpus_query.h"
#include "store/corpus_rank.h"
#include "store/corpus_registry.h"
#include "store/corpus_words.h"
#include "store/file_lock.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRanked = 100;                    // matches that the finer ranking looks at
constexpr auto kLooksAgain = std::chrono::seconds(10);  // how long a folder counts as unchanged

fs::path index_file(const fs::path& folder, const CorpusSpec& spec) {
  return folder / "index" / (spec.name + ".sqlite");
}

bool is_current(const CorpusIndex& index, const CorpusSpec& spec) {
  const IndexSummary& summary = index.summary();
  return summary.spec == spec && fingerprint(spec.folder, summary.watched) == summary.fingerprint;
}

std::unique_ptr<CorpusIndex> open_current(const fs::path& file, const CorpusSpec& spec) {
  Result<std::unique_ptr<CorpusIndex>> index = CorpusIndex::open(file);
  return index && is_current(**index, spec) ? std::move(*index) : nullptr;
}

/// An index of the folder as it is now. Of several processes that find it outdated one makes it, the others wait and
/// read it.
Result<std::unique_ptr<CorpusIndex>> current_index(const RunContext& context, const Corpora::Options& options,
                                                   const CorpusSpec& spec) {
  const fs::path file = index_file(options.folder, spec);
  if (auto index = open_current(file, spec)) return index;
  std::error_code error;
  if (!fs::is_directory(spec.folder, error)) return not_found(fmt::format("{} is not a folder", spec.folder.string()));
  LLMI_TRY(const FileLock lock, FileLock::take(context, file.string() + ".lock"));
  if (auto index = open_current(file, spec)) return index;
  if (options.on_index) options.on_index(spec);
  LLMI_TRY(const Scan scan, scan_corpus(context, spec));
  LLMI_CHECK_OK(write_index(context, file, spec, scan));
  return CorpusIndex::open(file);
}

std::string attribution(const ScannedPicture& picture) {
  if (!picture.attribution.empty()) return picture.attribution;
  std::string text = fmt::format("“{}”", picture.title);
  if (!picture.creator.empty()) text += " by " + picture.creator;
  if (!picture.licence.empty()) text += ", " + picture.licence;
  return text;
}

/// All indexes as one vocabulary.
class Vocabularies final : public Vocabulary {
 public:
  void add(CorpusIndex& index) { indexes_.push_back(&index); }
  Frequencies frequencies(std::string_view term) override {
    Frequencies sum{};
    for (CorpusIndex* index : indexes_) {
      const Frequencies part = index->frequencies(term);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
    }
    return sum;
  }
  std::vector<std::pair<std::string, std::uint32_t>> one_slip_from(std::string_view word) override {
    std::map<std::string, std::uint32_t> sum;
    for (CorpusIndex* index : indexes_)
      for (const auto& [term, pictures] : index->one_slip_from(word)) sum[term] += pictures;
    return {sum.begin(), sum.end()};
  }
  [[nodiscard]] std::size_t pictures() const override {
    std::size_t sum = 0;
    for (const CorpusIndex* index : indexes_) sum += index->pictures();
    return sum;
  }

 private:
  std::vector<CorpusIndex*> indexes_;
};

Result<void> check_name(const std::string& name) {
  const bool fits =
      !name.empty() && name.size() <= 64 && name[0] != '.' && std::ranges::all_of(name, [](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
      });
  if (fits) return {};
  return invalid_argument(
      fmt::format("\"{}\" cannot name a corpus: use up to 64 letters, digits, '-', '_' and '.'", name));
}

std::string name_of_folder(const fs::path& folder) {
  std::string name = folder.filename().string().substr(0, 64);
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_') c = '-';
  return name.empty() ? "pictures" : name;
}

CorpusInfo info_of(const CorpusSpec& spec, const Result<std::unique_ptr<CorpusIndex>>& index) {
  CorpusInfo info{.spec = spec};
  if (!index) {
    info.reason = index.error().message;
    return info;
  }
  const IndexSummary& summary = (*index)->summary();
  info.present = true;
  info.pictures = summary.pictures;
  info.skipped = summary.skipped;
  info.warnings = summary.warnings;
  return info;
}

}  // namespace

/// Open indexes for one thread at a time.
class Corpora::Session {
 public:
  struct Open {
    CorpusSpec spec;
    std::unique_ptr<CorpusIndex> index;
  };

  [[nodiscard]] Result<void> refresh(const RunContext& context, const Options& options) {
    if (reader_ != nullptr && Clock::now() - checked_ < kLooksAgain) return {};
    LLMI_TRY(const CorpusRegistry registry, CorpusRegistry::load(options.folder / "corpora.json"));
    std::vector<Open> opened;
    problem_.clear();
    for (const CorpusSpec& spec : registry.effective(options.defaults)) {
      Result<std::unique_ptr<CorpusIndex>> index = current_index(context, options, spec);
      if (index) {
        opened.push_back({spec, std::move(*index)});
      } else if (index.error().code != ErrorCode::kNotFound) {
        problem_ = fmt::format("{}: {}", spec.name, index.error().message);
      }
      LLMI_CHECK_OK(context.check());
    }
    if (reader_ == nullptr) {
      LLMI_TRY(reader_, WordReader::make());
      if (Result<lexicon::Lexicon> english = lexicon::Lexicon::open(options.lexicon)) english_ = std::move(*english);
    }
    opened_ = std::move(opened);
    checked_ = Clock::now();
    return {};
  }

  [[nodiscard]] std::vector<FoundPicture> search(std::string_view text, std::string_view hint, std::size_t limit) {
    Vocabularies vocabulary;
    for (const Open& open : opened_) vocabulary.add(*open.index);
    const Query query = analyse_query(text, *reader_, vocabulary, english_ ? &*english_ : nullptr);
    std::vector<FoundPicture> found = ranked(query, hint);
    if (found.empty() && english_) found = ranked(analyse_kinds(query, *reader_, vocabulary, *english_), hint);
    return still_there(std::move(found), limit);
  }

  [[nodiscard]] std::string version() const {
    std::string text = fmt::format("format {}\n", kIndexFormat);
    for (const Open& open : opened_) text += open.spec.name + " " + open.index->summary().fingerprint + "\n";
    return sha256_hex(text);
  }

  /// Why there is nothing to search in; success when there is something.
  [[nodiscard]] Result<void> usable() const {
    if (!opened_.empty()) return {};
    if (!problem_.empty())
      return fail(ErrorCode::kUnavailable, Origin::kTool, "no picture collection can be used: " + problem_);
    return fail(ErrorCode::kUnavailable, Origin::kTool,
                "there is no picture collection: apt-get install tuxpaint-stamps-default openclipart-png, or llmi "
                "corpus add DIR");
  }

 private:
  /// All that fits, best first.
  [[nodiscard]] std::vector<FoundPicture> ranked(const Query& query, std::string_view hint) {
    const Ranking ranking(query, hint, *reader_);
    std::vector<FoundPicture> found;
    for (const Open& open : opened_)
      for (const IndexedPicture& match : open.index->match(query, kRanked))
        if (const double score = ranking.score(match, open.spec.packaged); score > 0)
          found.push_back(found_picture(open.spec, match, score));
    std::ranges::sort(found, [](const FoundPicture& a, const FoundPicture& b) {
      return a.score != b.score ? a.score > b.score : a.file < b.file;
    });
    return found;
  }

  static FoundPicture found_picture(const CorpusSpec& spec, const IndexedPicture& match, double score) {
    const ScannedPicture& picture = match.picture;
    return {.corpus = spec.name,
            .file = spec.folder / picture.file,
            .title = picture.title,
            .width = picture.width,
            .height = picture.height,
            .creator = picture.creator,
            .licence = picture.licence,
            .licence_url = picture.licence_url,
            .page_url = picture.page_url,
            .attribution = attribution(picture),
            .score = score};
  }

  static std::vector<FoundPicture> still_there(std::vector<FoundPicture> found, std::size_t limit) {
    std::vector<FoundPicture> kept;
    std::error_code ignored;
    for (FoundPicture& picture : found) {
      if (kept.size() == limit) break;
      if (fs::is_regular_file(picture.file, ignored)) kept.push_back(std::move(picture));
    }
    return kept;
  }

  std::unique_ptr<WordReader> reader_;
  std::optional<lexicon::Lexicon> english_;
  std::vector<Open> opened_;
  std::string problem_;  ///< Why a corpus whose folder is there could not be opened.
  Clock::time_point checked_;
};

Corpora::Corpora(Options options) : options_(std::move(options)) {}
Corpora::~Corpora() = default;

Result<std::unique_ptr<Corpora::Session>> Corpora::take(const RunContext& context) {
  std::unique_ptr<Session> session;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      session = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (session == nullptr) session = std::make_unique<Session>();
  LLMI_CHECK_OK(session->refresh(context, options_));
  return session;
}

void Corpora::give_back(std::unique_ptr<Session> session) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(session));
}

Result<std::vector<FoundPicture>> Corpora::search(const RunContext& context, std::string_view query,
                                                  std::string_view hint, std::size_t limit) {
  LLMI_TRY(std::unique_ptr<Session> session, take(context));
  const Result<void> usable = session->usable();
  std::vector<FoundPicture> found = session->search(query, hint, limit);
  give_back(std::move(session));
  LLMI_CHECK_OK(usable);
  return found;
}

Result<std::string> Corpora::version(const RunContext& context) {
  LLMI_TRY(std::unique_ptr<Session> session, take(context));
  std::string version = session->version();
  give_back(std::move(session));
  return version;
}

Result<CorpusInfo> Corpora::add(const RunContext& context, CorpusSpec spec) {
  std::error_code error;
  const fs::path folder = fs::canonical(spec.folder, error);
  if (error || !fs::is_directory(folder, error))
    return not_found(fmt::format("{} is not a folder", spec.folder.string()));
  spec.folder = folder;
  const fs::path file = options_.folder / "corpora.json";
  {
    LLMI_TRY(const FileLock lock, FileLock::take(context, options_.folder / "corpora.lock"));
    LLMI_TRY(CorpusRegistry registry, CorpusRegistry::load(file));
    const auto known = std::ranges::find(options_.defaults, folder, &CorpusSpec::folder);
    if (known != options_.defaults.end() && (spec.name.empty() || spec.name == known->name)) {
      spec = *known;
      std::erase(registry.removed, spec.name);
    } else {
      if (spec.name.empty()) spec.name = name_of_folder(folder);
      LLMI_CHECK_OK(check_name(spec.name));
      std::erase_if(registry.added, [&](const CorpusSpec& other) { return other.folder == folder; });
      const std::vector<CorpusSpec> others = registry.effective(options_.defaults);
      const bool taken = std::ranges::find(others, spec.name, &CorpusSpec::name) != others.end() ||
                         std::ranges::find(options_.defaults, spec.name, &CorpusSpec::name) != options_.defaults.end();
      if (taken)
        return invalid_argument(
            fmt::format("there is a corpus called \"{}\" already; choose another --name", spec.name));
      registry.added.push_back(spec);
    }
    LLMI_CHECK_OK(registry.save(file));
  }
  {
    const std::lock_guard lock(mutex_);
    idle_.clear();
  }
  return info_of(spec, current_index(context, options_, spec));
}

Result<void> Corpora::remove(const RunContext& context, std::string_view name) {
  const fs::path file = options_.folder / "corpora.json";
  LLMI_TRY(const FileLock lock, FileLock::take(context, options_.folder / "corpora.lock"));
  LLMI_TRY(CorpusRegistry registry, CorpusRegistry::load(file));
  const std::vector<CorpusSpec> corpora = registry.effective(options_.defaults);
  const auto found = std::ranges::find(corpora, name, &CorpusSpec::name);
  if (found == corpora.end())
    return not_found(fmt::format("there is no corpus called \"{}\"; see llmi corpus list", name));
  const bool added = std::erase_if(registry.added, [&](const CorpusSpec& spec) { return spec.name == name; }) > 0;
  if (!added) registry.removed.emplace_back(name);
  LLMI_CHECK_OK(registry.save(file));
  std::error_code ignored;
  fs::remove(index_file(options_.folder, *found), ignored);
  const std::lock_guard sessions(mutex_);
  idle_.clear();
  return {};
}

std::vector<CorpusSpec> Corpora::known() const {
  const Result<CorpusRegistry> registry = CorpusRegistry::load(options_.folder / "corpora.json");
  return registry ? registry->effective(options_.defaults) : std::vector<CorpusSpec>{};
}

Result<std::vector<CorpusInfo>> Corpora::list(const RunContext& context) {
  LLMI_TRY(const CorpusRegistry registry, CorpusRegistry::load(options_.folder / "corpora.json"));
  std::vector<CorpusInfo> result;
  for (const CorpusSpec& spec : registry.effective(options_.defaults)) {
    result.push_back(info_of(spec, current_index(context, options_, spec)));
    LLMI_CHECK_OK(context.check());
  }
  return result;
}

std::vector<CorpusSpec> default_corpora() {
  return {
      {.name = "tuxpaint-stamps",
       .folder = "/usr/share/tuxpaint/stamps",
       .licence = "GPL-2.0-or-later",
       .licence_url = "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html",
       .creator = "Bill Kendrick and the Tux Paint contributors",
       .page_url = "http://www.tuxpaint.org/",
       .packaged = true},
      {.name = "openclipart",
       .folder = "/usr/share/openclipart/png",
       .licence = "CC-PDDC",
       .licence_url = "https://creativecommons.org/licenses/publicdomain/",
       .page_url = "http://www.openclipart.org/",
       .packaged = true},
  };
}

}  // namespace llmi::store
