#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "store/corpus_query.h"
#include "store/corpus_scan.h"
#include "store/corpus_sqlite.h"

struct sqlite3;

namespace llmi::store {

/// A picture as the index keeps it.
struct IndexedPicture {
  ScannedPicture picture;  ///< Without name_words, place_words and description.
  double match = 0;        ///< How much of the query it covers, 0 … 1.
  bool in_part = false;    ///< Words of the core are missing: fits only as the plain thing ("eagle" for "bald eagle").
};

/// What an index says about itself.
struct IndexSummary {
  CorpusSpec spec;
  std::string fingerprint;
  std::vector<std::string> watched;
  std::size_t pictures = 0;
  std::vector<Problem> skipped;
  std::vector<Problem> warnings;
};

/// Writes an index in one step: a reader sees the old file or the whole new one. The caller keeps other writers of
/// `file` away. Errors: kInternal with SQLite's reason; kTimeout, kCancelled.
[[nodiscard]] Result<void> write_index(const RunContext& context, const std::filesystem::path& file,
                                       const CorpusSpec& spec, const Scan& scan);

/// An index file opened for reading. It never changes: a newer one is another file of the same name. Not thread-safe.
class CorpusIndex final : public Vocabulary {
 public:
  /// Errors: kNotFound; kUnreadable for a damaged file or one of another version of the format.
  [[nodiscard]] static Result<std::unique_ptr<CorpusIndex>> open(const std::filesystem::path& file);
  CorpusIndex(const CorpusIndex&) = delete;
  CorpusIndex& operator=(const CorpusIndex&) = delete;
  ~CorpusIndex() override;

  [[nodiscard]] const IndexSummary& summary() const { return summary_; }

  [[nodiscard]] Frequencies frequencies(std::string_view term) override;
  [[nodiscard]] std::vector<std::pair<std::string, std::uint32_t>> one_slip_from(std::string_view word) override;
  [[nodiscard]] std::size_t pictures() const override { return summary_.pictures; }

  /// Pictures that fit the query well enough, best matches first, at most `limit`.
  [[nodiscard]] std::vector<IndexedPicture> match(const Query& query, std::size_t limit);

 private:
  CorpusIndex() = default;
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> read_summary();
  [[nodiscard]] IndexedPicture picture(std::int64_t id, double match);

  struct Database;
  std::unique_ptr<Database> database_;  // before the statements: closed after them
  Statement frequency_;
  Statement similar_;
  Statement match_;
  Statement picture_;
  Statement translations_;
  const Query* current_ = nullptr;  ///< What the ranking function works on.
  IndexSummary summary_;
};

}  // namespace llmi::store
