#pragma once

#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/run_context.h"

namespace llmi::store {

/// An exclusive lock between processes (and between holders in one process), freed on destruction or death.
class FileLock {
 public:
  /// Waits for it; makes the file (and its folder) when missing. Errors: kTimeout, kCancelled; kInternal when it
  /// cannot.
  [[nodiscard]] static Result<FileLock> take(const RunContext& context, const std::filesystem::path& file);
  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace llmi::store
