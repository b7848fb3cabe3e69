#include "base/fault.h"

#include <array>
#include <cstddef>

namespace llmi {
namespace {

constexpr std::array<std::string_view, 9> kNames{"parse", "schema", "policy",  "budget",   "dependency",
                                                 "tool",  "decode", "timeout", "cancelled"};

}  // namespace

std::string_view name(Stage stage) noexcept { return kNames[static_cast<std::size_t>(stage)]; }

std::optional<Stage> stage_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Stage>(i);
  }
  return std::nullopt;
}

}  // namespace llmi
