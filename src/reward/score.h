#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reward/facts.h"
#include "reward/judge.h"

namespace llmi::reward {

/// How the parts become one number (docs/reward.md).
enum class Variant : std::uint8_t {
  kPaper,   ///< The published formula, number for number.
  kStrict,  ///< The same parts without its loopholes.
};
[[nodiscard]] std::string_view name(Variant variant) noexcept;
[[nodiscard]] std::optional<Variant> variant_from_name(std::string_view name) noexcept;

/// Changes whenever the same facts and replies may give another number.
inline constexpr std::string_view kRewardVersion = "1";

enum class ScoreStatus : std::uint8_t {
  kOk,
  kDegraded,     ///< Some of the judges that were needed answered.
  kUnavailable,  ///< None did.
  kRulesOnly,    ///< Judges are switched off.
};
[[nodiscard]] std::string_view name(ScoreStatus status) noexcept;

/// A judge's part in a score.
struct JudgeRecord {
  enum class Part : std::uint8_t {
    kOff,    ///< Switched off.
    kRule,   ///< A rule decides the marks; the judge was not asked.
    kAsked,  ///< `reply` says what came of it.
  };
  Part part = Part::kOff;
  JudgeReply reply;
};

/// From 1 to 5; nothing where nobody gave one.
struct Marks {
  std::optional<int> text;
  std::optional<int> image;
  std::optional<int> image_quality;
  std::optional<int> task_relevance;
  std::optional<int> text_image_relevance;
};

struct ScoreError {
  std::string code;
  std::string message;
};

using Components = std::vector<std::pair<std::string, std::optional<double>>>;

/// The number with all that it was made of.
struct Score {
  std::string id;
  ScoreStatus status = ScoreStatus::kUnavailable;
  Variant variant = Variant::kStrict;
  std::optional<double> score;  ///< In [0, 1]; only with kOk and kRulesOnly.
  Components components;        ///< Each in [0, 1]; nothing: it is missing, or does not apply to this sample.
  Marks marks;
  Facts facts;
  JudgeRecord llm;
  JudgeRecord mllm;
  std::optional<ScoreError> error;  ///< With kDegraded and kUnavailable.
  std::string content_hash;
};

/// Whether the rules decide the marks of a judge, so that it need not be asked: the LLM judge where there is no text
/// but tags; the MLLM judge without pictures and with more than 10.
[[nodiscard]] bool rule_decides_text(const Facts& facts);
[[nodiscard]] bool rule_decides_pictures(const Facts& facts);

/// The score that facts and judges' replies come to; id and content_hash are left empty. Pure: the same arguments give
/// the same score.
[[nodiscard]] Score evaluate(const Facts& facts, JudgeRecord llm, JudgeRecord mllm, Variant variant);

}  // namespace llmi::reward
