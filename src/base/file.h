#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace llmi {

/// The whole content of a regular file (or, for "-", of standard input). Refuses fifos, devices and folders.
/// Errors: kNotFound; kUnreadable when it is not a regular file or holds more than `limit` bytes.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t limit = std::size_t{1} << 30);

/// Replaces `path` in one step: written beside it, synced, renamed. A crash leaves the old file or the new one, never a
/// part. Makes missing parent folders. Errors: kInternal with the system's reason; kResourceExhausted when the disk is
/// full.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view bytes);

/// A folder with an unused name below the system's temporary folder, removed with everything in it on destruction.
class TemporaryFolder {
 public:
  [[nodiscard]] static Result<TemporaryFolder> make(std::string_view prefix = "llmi");
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;
  ~TemporaryFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace llmi
