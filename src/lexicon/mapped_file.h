#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace llmi::lexicon {

/// A file mapped into memory for reading. Owns the mapping; the view is valid as long as the object lives. Thread-safe.
class MappedFile {
 public:
  /// Errors: kNotFound, kUnreadable.
  [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MappedFile();

  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}
  std::string_view bytes_;
};

}  // namespace llmi::lexicon
