#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace llmi {

/// "250ms", "10s", "2m", "1.5h", "7d" -> duration. A number and a unit are both required; empty when it is not one.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string print_duration(std::chrono::milliseconds span);

/// "512B", "64KiB", "1GiB", "1.5GB" (decimal units are powers of 1000) -> bytes; empty when it is not one.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);
[[nodiscard]] std::string print_size(std::uint64_t bytes);

}  // namespace llmi
