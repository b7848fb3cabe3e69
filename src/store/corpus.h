#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "store/corpus_scan.h"

namespace llmi::store {

/// The picture collections that Debian packages: tuxpaint-stamps-default and openclipart-png.
[[nodiscard]] std::vector<CorpusSpec> default_corpora();

/// A corpus and what is known about it.
struct CorpusInfo {
  CorpusSpec spec;
  bool present = false;  ///< The folder is there and could be indexed.
  std::string reason;    ///< Why not.
  std::size_t pictures = 0;
  std::vector<Problem> skipped;
  std::vector<Problem> warnings;
};

/// A picture that fits a query.
struct FoundPicture {
  std::string corpus;
  std::filesystem::path file;  ///< Absolute; was there a moment ago.
  std::string title;
  int width = 0;
  int height = 0;
  std::string creator;
  std::string licence;
  std::string licence_url;
  std::string page_url;
  std::string attribution;  ///< Ready to print.
  double score = 0;         ///< Comparable within one search only.
};

/// The user's and the default picture collections with their indexes. An index is made on first use and again when its
/// folder has changed; several processes may do so at once, and a killed one does no harm. Thread-safe.
class Corpora {
 public:
  struct Options {
    std::filesystem::path folder;  ///< Where the list of corpora and the indexes lie; made when missing.
    std::vector<CorpusSpec> defaults = default_corpora();
    std::filesystem::path lexicon = "/usr/share/wordnet";  ///< Without it slips and kinds of things are not understood.
    std::function<void(const CorpusSpec&)> on_index;       ///< Told before an index is made; may be empty.
  };
  explicit Corpora(Options options);
  ~Corpora();

  /// Adds a folder, or indexes it anew with the given facts when it is one already. An empty name: the folder's.
  /// Errors: kNotFound; kInvalidArgument for a bad or taken name; kInternal when nothing can be written.
  [[nodiscard]] Result<CorpusInfo> add(const RunContext& context, CorpusSpec spec);
  /// Forgets a corpus (its pictures stay). A default one stays removed until its folder is added again. Errors:
  /// kNotFound.
  [[nodiscard]] Result<void> remove(const RunContext& context, std::string_view name);
  [[nodiscard]] Result<std::vector<CorpusInfo>> list(const RunContext& context);
  /// What is registered, without a look at the folders; empty when the registry cannot be read.
  [[nodiscard]] std::vector<CorpusSpec> known() const;

  /// The best fitting pictures, best first; empty when nothing fits. `hint` (more words about the wanted picture) only
  /// orders those that fit the query. Errors: kUnavailable when there is no corpus at all; kTimeout, kCancelled while
  /// indexing.
  [[nodiscard]] Result<std::vector<FoundPicture>> search(const RunContext& context, std::string_view query,
                                                         std::string_view hint, std::size_t limit);

  /// Text that changes whenever a search could give something else.
  [[nodiscard]] Result<std::string> version(const RunContext& context);

 private:
  class Session;
  [[nodiscard]] Result<std::unique_ptr<Session>> take(const RunContext& context);
  void give_back(std::unique_ptr<Session> session);

  Options options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_;  // guarded by mutex_
};

}  // namespace llmi::store
