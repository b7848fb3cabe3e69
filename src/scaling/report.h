#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scaling/budget.h"

namespace llmi::scaling {

/// What is done, in this order. kMake, the tools of the chosen answer, is no stage of its own to switch off.
enum class Step : std::uint8_t { kCandidates, kValidate, kSelect, kMake, kEnhance, kPolish };
inline constexpr std::array kSteps{Step::kCandidates, Step::kValidate, Step::kSelect,
                                   Step::kMake,       Step::kEnhance,  Step::kPolish};
[[nodiscard]] std::string_view name(Step step) noexcept;

/// What a step brought and what it cost.
struct StepReport {
  Step step = Step::kMake;
  std::optional<double> before;  ///< The selector's score of what was there; nothing: unknown or not asked for.
  std::optional<double> after;   ///< And of what is there now.
  Spent spent;
  std::chrono::milliseconds time{0};
  std::string note;  ///< What happened, for a person.
};

struct CandidateReport {
  std::uint64_t seed = 0;
  std::size_t pictures = 0;
  std::optional<double> score;  ///< Of the plan.
  std::string reason;           ///< Why it was dropped; else what the score was made of.
  bool dropped = false;
  bool chosen = false;
};

struct ScaleReport {
  std::string selector;
  std::vector<CandidateReport> candidates;  ///< In the order in which they were written; none where none was sampled.
  std::vector<StepReport> steps;
  std::optional<double> score;  ///< Of the document; nothing: unknown or not asked for.
  Spent total;
  std::chrono::milliseconds time{0};
};

/// The report as one JSON object on one line (docs/scaling.md).
[[nodiscard]] std::string to_json(const ScaleReport& report);
/// The same as a table for a person, whole lines.
[[nodiscard]] std::string to_table(const ScaleReport& report);

}  // namespace llmi::scaling
