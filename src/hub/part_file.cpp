#include "hub/part_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace llmi::hub {
namespace {

std::unexpected<Error> failed(std::string_view what) {
  const int code = errno;
  const bool full = code == ENOSPC || code == EDQUOT;
  return fail(full ? ErrorCode::kResourceExhausted : ErrorCode::kInternal, Origin::kInternal,
              fmt::format("{}: {}", what, std::strerror(code)));
}

}  // namespace

Result<PartFile> PartFile::open(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) return failed(path.string());
  PartFile file(fd, 0);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::kUnavailable, Origin::kCaller,
                fmt::format("{} is being fetched by another process", path.stem().string()));
  struct stat facts{};
  if (::fstat(fd, &facts) != 0 || ::lseek(fd, 0, SEEK_END) < 0) return failed(path.string());
  file.size_ = static_cast<std::uint64_t>(facts.st_size);
  return file;
}

PartFile::PartFile(PartFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

PartFile::~PartFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> PartFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("writing the fetched file");
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> PartFile::clear() {
  if (::ftruncate(fd_, 0) != 0 || ::lseek(fd_, 0, SEEK_SET) < 0) return failed("emptying the fetched file");
  size_ = 0;
  return {};
}

Result<void> PartFile::sync() { return ::fsync(fd_) == 0 ? Result<void>{} : failed("writing the fetched file"); }

}  // namespace llmi::hub
