#include "run_lookup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/edit_distance.h"
#include "base/paths.h"
#include "store/run_files.h"
#include "store/run_place.h"
#include "store/run_record.h"

namespace llmi::app {
namespace {

namespace fs = std::filesystem;
using TimePoint = std::chrono::system_clock::time_point;

constexpr std::size_t kSuggested = 3;

TimePoint time_of(const fs::path& file) {
  struct stat status{};
  return ::stat(file.c_str(), &status) == 0 ? std::chrono::system_clock::from_time_t(status.st_mtime) : TimePoint{};
}

std::vector<fs::path> run_folders(const config::Settings& settings) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator entry(runs_folder(settings), error), end; !error && entry != end;
       entry.increment(error)) {
    if (store::holds_a_run(entry->path())) folders.push_back(entry->path());
  }
  return folders;
}

/// How far an id is from what was typed; 0 where it holds it.
std::size_t distance(const std::string& id, const std::string& typed) {
  return !typed.empty() && id.contains(typed) ? 0 : edit_distance(id, typed);
}

std::string suggestions(const config::Settings& settings, const std::string& typed) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const fs::path& folder : run_folders(settings)) {
    const std::string id = folder.filename().string();
    if (const std::size_t far = distance(id, typed); far <= std::max<std::size_t>(3, typed.size() / 3))
      near.emplace_back(far, id);
  }
  if (near.empty()) return "`llmi runs list` shows the known ones";
  std::ranges::sort(near);
  near.resize(std::min(near.size(), kSuggested));
  std::vector<std::string> ids;
  for (auto& [far, id] : near) ids.push_back(std::move(id));
  return fmt::format("did you mean {}?", fmt::join(ids, ", or "));
}

}  // namespace

fs::path runs_folder(const config::Settings& settings) {
  const std::string data = settings.text("paths.data");
  return (data.empty() ? data_folder() : fs::path(data)) / "runs";
}

FoundRun look_at_run(const fs::path& folder) {
  FoundRun run{.folder = folder, .written = time_of(folder / store::kEventsFile)};
  const auto record = store::read_record(folder);
  if (!record) {
    run.status = "damaged";
    run.reason = record.error().message;
    return run;
  }
  run.document = record->document();
  const bool running = store::is_being_written(folder);
  run.status = running ? "running" : run.document->complete ? "complete" : "partial";
  if (!running) run.reason = run.document->reason;
  return run;
}

std::vector<FoundRun> find_runs(const config::Settings& settings) {
  std::vector<FoundRun> runs;
  for (const fs::path& folder : run_folders(settings)) runs.push_back(look_at_run(folder));
  std::ranges::sort(runs, [](const FoundRun& a, const FoundRun& b) {
    return std::pair(a.written, a.id()) > std::pair(b.written, b.id());
  });
  return runs;
}

Result<fs::path> find_run(const config::Settings& settings, const std::string& name) {
  std::error_code error;
  if (store::holds_a_run(name)) return fs::canonical(name, error);
  if (fs::path folder = runs_folder(settings) / name; name.find('/') == std::string::npos && store::holds_a_run(folder))
    return folder;
  return not_found(fmt::format("no run \"{}\"; {}", name, suggestions(settings, name)));
}

}  // namespace llmi::app
