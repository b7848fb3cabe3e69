#include "store/cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "store/file_lock.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "llmi-cache 1 ";
constexpr std::size_t kHashLength = 64;
constexpr std::size_t kHeader = kMagic.size() + kHashLength + 1;
constexpr auto kAbandoned = std::chrono::hours(1);  // age at which a half-written file belongs to a dead process

struct Entry {
  fs::file_time_type used;
  std::uint64_t bytes = 0;
  fs::path path;
};

/// Removes what interrupted writers left; lists the rest.
std::vector<Entry> list_entries(const fs::path& folder) {
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;  // another process may be clearing up as well
    const bool value = at->is_regular_file(gone) && at.depth() == 1;
    Entry entry{
        .used = at->last_write_time(gone), .bytes = gone || !value ? 0 : at->file_size(gone), .path = at->path()};
    if (gone || !value) continue;
    if (!entry.path.has_extension()) {
      entries.push_back(std::move(entry));
    } else if (fs::file_time_type::clock::now() - entry.used > kAbandoned) {
      fs::remove(entry.path, gone);
    }
  }
  return entries;
}

/// Files "ab/cdef…" named by the hash of the key, each with the hash of its value in front. The file "usage" counts the
/// bytes of all entries; it may be wrong after a crash and is set right whenever the folder is cleared up.
class FolderCache final : public Cache {
 public:
  FolderCache(fs::path folder, std::uint64_t max_bytes) : folder_(std::move(folder)), max_bytes_(max_bytes) {}

  std::optional<std::string> get(std::string_view key) override {
    const fs::path path = path_of(key);
    Result<std::string> content = read_file(path);
    if (!content) return std::nullopt;
    const std::string_view text = *content;
    const bool whole = text.size() >= kHeader && text.starts_with(kMagic) &&
                       text.substr(kMagic.size(), kHashLength) == sha256_hex(text.substr(kHeader));
    if (!whole) {
      std::error_code ignored;
      fs::remove(path, ignored);
      return std::nullopt;
    }
    ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
    return content->substr(kHeader);
  }

  void put(std::string_view key, std::string_view value) override {
    const std::uint64_t bytes = value.size() + kHeader;
    if (bytes > max_bytes_) return;
    const fs::path path = path_of(key);
    std::error_code absent;
    const std::uint64_t before = fs::file_size(path, absent);
    if (!write_file(path, fmt::format("{}{}\n{}", kMagic, sha256_hex(value), value))) return;
    account(bytes, absent ? 0 : before);
  }

 private:
  [[nodiscard]] fs::path path_of(std::string_view key) const {
    const std::string hash = sha256_hex(key);
    return folder_ / hash.substr(0, 2) / hash.substr(2);
  }

  void account(std::uint64_t added, std::uint64_t replaced) {
    const Result<FileLock> lock = FileLock::take(RunContext{}, folder_ / "lock");
    if (!lock) return;
    const std::optional<std::uint64_t> known = read_usage();
    std::uint64_t usage = known.value_or(max_bytes_) + added;
    usage -= std::min(usage, replaced);
    if (!known || usage > max_bytes_) usage = make_room();
    write_usage(usage);
  }

  /// Down to nine tenths, so that not every later put has to come here.
  std::uint64_t make_room() {
    std::vector<Entry> entries = list_entries(folder_);
    std::ranges::sort(entries, {}, &Entry::used);
    std::uint64_t usage = 0;
    for (const Entry& entry : entries) usage += entry.bytes;
    if (usage <= max_bytes_) return usage;
    const std::uint64_t goal = max_bytes_ - max_bytes_ / 10;
    for (const Entry& entry : entries) {
      if (usage <= goal) break;
      std::error_code ignored;
      fs::remove(entry.path, ignored);
      usage -= entry.bytes;
    }
    return usage;
  }

  [[nodiscard]] std::optional<std::uint64_t> read_usage() const {
    const Result<std::string> text = read_file(folder_ / "usage", 64);
    std::uint64_t value = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{})
      return std::nullopt;
    return value;
  }

  // Not synced: a lost count is found again by counting.
  void write_usage(std::uint64_t usage) const {
    std::FILE* file = std::fopen((folder_ / "usage").c_str(), "we");
    if (file == nullptr) return;
    std::fputs(std::to_string(usage).c_str(), file);
    std::fclose(file);
  }

  fs::path folder_;
  std::uint64_t max_bytes_;
};

}  // namespace

Result<std::unique_ptr<Cache>> Cache::open(const std::filesystem::path& folder, std::uint64_t max_bytes) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder, error))
    return internal_error(fmt::format("cannot make the cache folder {}: {}", folder.string(), error.message()));
  return std::make_unique<FolderCache>(folder, max_bytes);
}

}  // namespace llmi::store
