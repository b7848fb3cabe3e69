#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace llmi::app {

/// The scores of `llmi reward`, one row a line in the order of the samples. While they come they are appended to
/// FILE.part in whatever order they are ready, so that `kill -9` loses none that was finished; finish() puts them in
/// order and removes it. "-" is standard output, without a journal. Thread-safe.
class ScoreFile {
 public:
  /// `resume`: scores that an earlier run left in FILE or FILE.part count as known. Errors: kInternal (cannot be
  /// written), kUnreadable (no scores).
  [[nodiscard]] static Result<std::unique_ptr<ScoreFile>> open(const std::string& file, std::size_t rows, bool resume);

  /// The row of an earlier run for a sample with this content hash and variant, if it has a score.
  [[nodiscard]] std::optional<std::string> known(const std::string& content_hash, std::string_view variant) const;
  void put(std::size_t row, std::string text);
  /// Errors: the first of writing; kInternal.
  [[nodiscard]] Result<void> finish();

 private:
  explicit ScoreFile(std::string file, std::size_t rows) : file_(std::move(file)), texts_(rows) {}
  [[nodiscard]] Result<void> learn(const std::filesystem::path& path, bool torn);
  void print_ready();

  const std::string file_;
  std::map<std::string, std::string> known_;
  std::mutex mutex_;
  std::ofstream journal_;
  std::vector<std::string> texts_;
  std::size_t printed_ = 0;
};

}  // namespace llmi::app
