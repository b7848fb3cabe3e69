#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace llmi {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > 2) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Result<std::string> read_all(int fd, const std::string& what, std::size_t limit) {
  std::string content;
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      return fail(ErrorCode::kUnreadable, Origin::kCaller,
                  fmt::format("cannot read {}: {}", what, std::strerror(errno)));
    if (n == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(n));
    if (content.size() > limit)
      return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{} is larger than {} bytes", what, limit));
  }
}

std::unexpected<Error> write_error(const std::filesystem::path& path) {
  const ErrorCode code = errno == ENOSPC || errno == EDQUOT ? ErrorCode::kResourceExhausted : ErrorCode::kInternal;
  return fail(code, Origin::kCaller, fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  if (path == "-") return read_all(0, "standard input", limit);
  // O_NONBLOCK: opening a fifo that nobody writes to must not wait.
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return not_found(fmt::format("cannot open {}: {}", path.string(), std::strerror(errno)));
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{} is not a regular file", path.string()));
  return read_all(fd.get(), path.string(), limit);
}

Result<void> write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  std::string scratch = path.string() + ".XXXXXX";
  const Descriptor fd(::mkostemp(scratch.data(), O_CLOEXEC));
  if (fd.get() < 0) return write_error(path);
  ::fchmod(fd.get(), 0644);
  if (!write_all(fd.get(), bytes) || ::fsync(fd.get()) != 0 || ::rename(scratch.c_str(), path.c_str()) != 0) {
    const auto error = write_error(path);
    ::unlink(scratch.c_str());
    return error;
  }
  return {};
}

Result<TemporaryFolder> TemporaryFolder::make(std::string_view prefix) {
  std::string pattern = (std::filesystem::temp_directory_path() / fmt::format("{}-XXXXXX", prefix)).string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return internal_error(fmt::format("cannot make a temporary folder: {}", std::strerror(errno)));
  return TemporaryFolder(pattern);
}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace llmi
