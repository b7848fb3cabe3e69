#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace llmi {

/// Why a figure could not be made. Names on the wire are the lower-case words (see `name`).
enum class Stage : std::uint8_t {
  kParse,
  kSchema,
  kPolicy,
  kBudget,
  kDependency,
  kTool,
  kDecode,
  kTimeout,
  kCancelled,
};

/// A figure that could not be made. Faults are data: they stay in the document, and the document is still delivered.
struct Fault {
  Stage stage = Stage::kTool;
  std::string message;  ///< What went wrong and what to do, for a person; no machine paths, no secrets.

  bool operator==(const Fault&) const = default;
};

[[nodiscard]] std::string_view name(Stage stage) noexcept;
[[nodiscard]] std::optional<Stage> stage_from_name(std::string_view name) noexcept;

}  // namespace llmi
