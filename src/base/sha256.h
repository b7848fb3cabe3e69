#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace llmi {

/// SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// SHA-256 of a file's content, read in pieces. Errors: kNotFound, kUnreadable.
[[nodiscard]] Result<std::string> sha256_file(const std::filesystem::path& path);

}  // namespace llmi
