#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "document/document.h"

namespace llmi::app {

/// A run on disk as a person asks after it.
struct FoundRun {
  std::filesystem::path folder;
  std::chrono::system_clock::time_point written;  ///< When its last event came.
  std::string status;                             ///< "complete", "partial", "running" or "damaged".
  std::string reason;                             ///< Why it is partial or damaged.
  std::optional<document::Document> document;     ///< Absent where it is damaged.

  /// The folder's name: what names a run in the data folder.
  [[nodiscard]] std::string id() const { return folder.filename().string(); }
};

/// Where runs go that are given no folder.
[[nodiscard]] std::filesystem::path runs_folder(const config::Settings& settings);

/// The run in a folder that holds one.
[[nodiscard]] FoundRun look_at_run(const std::filesystem::path& folder);

/// The runs of the data folder, newest first.
[[nodiscard]] std::vector<FoundRun> find_runs(const config::Settings& settings);

/// The folder of the run that `name` names: its path, or its id in the data folder. Errors: kNotFound with the nearest
/// ids.
[[nodiscard]] Result<std::filesystem::path> find_run(const config::Settings& settings, const std::string& name);

}  // namespace llmi::app
