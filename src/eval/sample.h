#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "eval/measure.h"

namespace llmi::eval {

/// What is on record about one item: a JSON file of its own, written when the item is done.
struct Sample {
  std::string id;
  std::string group;
  std::uint64_t seed = 0;
  std::string error;  ///< Why nothing was generated; empty when a document is there.
  std::string judge;  ///< The model that judged; empty: none was asked.
  std::vector<Measure> measures;
  std::vector<Mark> marks;
  std::vector<JudgeCall> judge_calls;

  [[nodiscard]] bool generated() const { return error.empty(); }
  /// A judge was asked and some mark is missing.
  [[nodiscard]] bool incomplete() const;
};

[[nodiscard]] std::string to_json(const Sample& sample);
/// Errors: kUnreadable.
[[nodiscard]] Result<Sample> sample_from_json(std::string_view text);

/// Where an evaluation in `folder` keeps the sample's record.
[[nodiscard]] std::filesystem::path sample_file(const std::filesystem::path& folder, std::string_view id);
/// Where it keeps the item's document: a run folder.
[[nodiscard]] std::filesystem::path run_folder(const std::filesystem::path& folder, std::string_view id);

/// Reads the records in `folder`, in the order of their ids. Errors: kNotFound, kUnreadable naming the file.
[[nodiscard]] Result<std::vector<Sample>> read_samples(const std::filesystem::path& folder);

}  // namespace llmi::eval
