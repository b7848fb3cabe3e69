#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace llmi::store {

/// Results of tool calls on disk, found by what decides them. Entries are written whole or not at all, checked on
/// reading (a damaged one counts as absent and is removed), and the least recently used go when the folder outgrows its
/// limit. Safe to use from several threads and several processes at once.
class Cache {
 public:
  /// `folder` is made when missing. Errors: kInternal when it cannot be.
  [[nodiscard]] static Result<std::unique_ptr<Cache>> open(const std::filesystem::path& folder,
                                                           std::uint64_t max_bytes);
  virtual ~Cache() = default;

  /// `key`: everything that decides the value, as text of any length (hashed inside).
  [[nodiscard]] virtual std::optional<std::string> get(std::string_view key) = 0;
  /// Failure to store is not an error for the caller: the value is just not there next time.
  virtual void put(std::string_view key, std::string_view value) = 0;
};

}  // namespace llmi::store
