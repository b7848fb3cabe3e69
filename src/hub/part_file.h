#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/error.h"

namespace llmi::hub {

/// The part of a file that has come so far, held by one process at a time. Not thread-safe.
class PartFile {
 public:
  /// Opens or makes it. Errors: kUnavailable when another process holds it, kInternal.
  [[nodiscard]] static Result<PartFile> open(const std::filesystem::path& path);
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&&) = delete;
  ~PartFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Errors: kResourceExhausted when the disk is full, kInternal.
  [[nodiscard]] Result<void> append(std::string_view bytes);
  [[nodiscard]] Result<void> clear();
  /// Writes everything through to the disk.
  [[nodiscard]] Result<void> sync();

 private:
  PartFile(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

  int fd_;
  std::uint64_t size_;
};

}  // namespace llmi::hub
