#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/run_context.h"
#include "reward/picture_intake.h"
#include "reward/rules.h"
#include "reward/sample.h"

namespace llmi::reward {

/// What the rules need to know of a sample; with the judges' replies it decides the score, so that a stored score can
/// be computed again.
struct Facts {
  int image_num = kAnyPictures;
  Split split = Split::kTrain;
  Modality modality = Modality::kText;
  std::optional<bool> needs_pictures;
  std::size_t tags = 0;          ///< Those that do not parse included.
  std::size_t valid = 0;         ///< Tags that parse.
  std::size_t ready = 0;         ///< Pictures that really came out.
  std::size_t distinct = 0;      ///< Of those, without repetitions and near-identical ones.
  std::size_t characters = 0;    ///< Of the text that a reader sees.
  bool no_text = false;          ///< Nothing but tags, or nothing at all.
  bool addresses_judge = false;  ///< judge_address.h
  std::vector<tag::Source> required;
  ToolUses used{};

  [[nodiscard]] std::size_t failed() const { return tags - ready; }
};

/// Reads them from a sample whose pictures are made. Errors: kInvalidArgument for a picture whose index is no tag's;
/// those of comparing pictures: kTimeout, kCancelled, kUnavailable.
[[nodiscard]] Result<Facts> facts_of(const RunContext& context, PictureIntake& intake, const Sample& sample);

}  // namespace llmi::reward
