#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.h"

namespace llmi::store {

/// The folder that a run lies in: when it may be taken for a new one, and how it is taken and given up without ever
/// leaving something that cannot be told from other people's files. Killed at any point, what is left is free again
/// (check_free) or a run.

/// Whether `folder` holds a run: its events begin with a RunStarted.
[[nodiscard]] bool holds_a_run(const std::filesystem::path& folder);

/// Whether some process writes the run in `folder` at this moment.
[[nodiscard]] bool is_being_written(const std::filesystem::path& folder);

/// Ok when a new run may go into `folder`: it is missing, empty, left by a run that never began, or holds an older run
/// that nobody is writing. Errors: kInvalidArgument.
[[nodiscard]] Result<void> check_free(const std::filesystem::path& folder);

/// Empties `folder` (making it where it is missing; it may be a mount point or a link) and puts `events` there as its
/// events.jsonl, in one step: it holds the older run's events or these. Errors: kInternal, kResourceExhausted.
[[nodiscard]] Result<void> take_folder(const std::filesystem::path& folder, std::string_view events);

/// Removes a run: what llmi wrote, and the folder when nothing else is in it. False when other files keep the folder.
/// Errors: kInvalidArgument when there is no run or it is being written, kInternal.
[[nodiscard]] Result<bool> remove_run(const std::filesystem::path& folder);

}  // namespace llmi::store
