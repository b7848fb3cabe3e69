#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/corpus_scan.h"

namespace llmi::store {

/// The list of corpora on disk: what the user added and which default ones are removed.
struct CorpusRegistry {
  std::vector<CorpusSpec> added;
  std::vector<std::string> removed;

  /// Errors: kUnreadable naming the file. A missing file is an empty list.
  [[nodiscard]] static Result<CorpusRegistry> load(const std::filesystem::path& file);
  [[nodiscard]] Result<void> save(const std::filesystem::path& file) const;

  /// The defaults that are not removed, then the added ones.
  [[nodiscard]] std::vector<CorpusSpec> effective(const std::vector<CorpusSpec>& defaults) const;
};

}  // namespace llmi::store
