#include "store/run_place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "document/event.h"
#include "store/run_files.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> all;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    all.push_back(entry->path());
  return all;
}

/// What write_file leaves beside events.jsonl when it is killed.
bool is_unborn_events(const fs::path& file) {
  return file.filename().string().starts_with(fmt::format("{}.", kEventsFile));
}

bool belongs_to_a_run(const fs::path& file) {
  const std::string name = file.filename().string();
  return name == kAnswerFile || name == kFiguresFolder || name == kInputsFolder || name == kScaleFile ||
         name.starts_with("document.") || name.starts_with(fmt::format("{}.", kAnswerFile)) || is_unborn_events(file);
}

Result<void> remove_all(const std::vector<fs::path>& files) {
  std::error_code error;
  for (const fs::path& file : files) {
    fs::remove_all(file, error);
    if (error) return internal_error(fmt::format("cannot remove {}: {}", file.string(), error.message()));
  }
  return {};
}

}  // namespace

bool holds_a_run(const fs::path& folder) {
  std::ifstream events(folder / kEventsFile);
  std::string line;
  if (!std::getline(events, line)) return false;
  const auto first = document::event_from_json(line);
  return first && std::holds_alternative<document::RunStarted>(first->body);
}

bool is_being_written(const fs::path& folder) {
  const int fd = ::open((folder / kEventsFile).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return false;
  const bool locked = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return locked;
}

Result<void> check_free(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  if (!fs::is_directory(folder, error)) return invalid_argument(fmt::format("{} is not a folder", folder.string()));
  if (is_being_written(folder))
    return invalid_argument(
        fmt::format("{} is being written by another llmi: choose another folder or wait", folder.string()));
  if (holds_a_run(folder) || std::ranges::all_of(entries_of(folder), is_unborn_events)) return {};
  return invalid_argument(
      fmt::format("{} holds something that is not a run of llmi: choose another folder", folder.string()));
}

Result<void> take_folder(const fs::path& folder, std::string_view events) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return internal_error(fmt::format("cannot make {}: {}", folder.string(), error.message()));
  auto old = entries_of(folder);
  std::erase_if(old, [](const fs::path& file) { return file.filename() == kEventsFile; });
  LLMI_CHECK_OK(remove_all(old));
  return write_file(folder / kEventsFile, events);
}

Result<bool> remove_run(const fs::path& folder) {
  if (!holds_a_run(folder)) return invalid_argument(fmt::format("{} is not a run folder", folder.string()));
  if (is_being_written(folder))
    return invalid_argument(fmt::format("{} is being written by another llmi", folder.string()));
  auto own = entries_of(folder);
  std::erase_if(own, [](const fs::path& file) { return !belongs_to_a_run(file); });
  // The events last: until then it is a run that can be removed.
  own.push_back(folder / kEventsFile);
  LLMI_CHECK_OK(remove_all(own));
  std::error_code error;
  return fs::remove(folder, error);
}

}  // namespace llmi::store
