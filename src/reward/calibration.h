#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.h"
#include "reward/judge.h"
#include "reward/picture_intake.h"
#include "reward/sample.h"

namespace llmi::reward {

/// Two answers to one prompt of which the first is better, for what `kind` says.
struct CalibrationPair {
  std::string id;
  bool pictures = false;  ///< For the judge of pictures; else for the judge of text and tags.
  std::string kind;
  Sample good;
  Sample bad;
};

/// Reads pairs from JSON lines (prompts/judge/calibration.jsonl). Pictures are named "CORPUS/path" by the folder of
/// each corpus. Errors: kInvalidArgument naming the line; kNotFound for a picture that is not there; those of the
/// intake.
[[nodiscard]] Result<std::vector<CalibrationPair>> read_calibration(
    const RunContext& context, std::string_view text, const std::map<std::string, std::filesystem::path>& corpora,
    PictureIntake& intake);

/// How often a judge sees what people see.
struct Agreement {
  double right = 0;         ///< Pairs whose better answer got the higher marks; an equal mark is half a pair.
  std::size_t pairs = 0;    ///< That were judged.
  std::size_t missing = 0;  ///< For which the judge gave no verdict; they count nowhere.

  [[nodiscard]] double share() const { return pairs == 0 ? 0 : right / static_cast<double>(pairs); }
  /// Bounds of the share at 95 % (Wilson 1927).
  [[nodiscard]] std::pair<double, double> interval() const;
};

/// One judge's agreement by kind of pair; "" is all of them.
using Agreements = std::map<std::string, Agreement>;

/// Puts both answers of every pair of the judge's kind to it. Errors: kCancelled.
[[nodiscard]] Result<Agreements> calibrate(const RunContext& context, Judge& judge,
                                           const std::vector<CalibrationPair>& pairs, bool pictures);

}  // namespace llmi::reward
