#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "base/run_context.h"
#include "reward/picture_intake.h"
#include "reward/sample.h"

namespace llmi::reward {

/// Where the files that a sample names may lie.
struct FileAccess {
  std::filesystem::path base;  ///< Relative paths start here.
  bool anywhere = false;       ///< Else only in `folders` and below them; without any, no file is read.
  std::vector<std::filesystem::path> folders;
};

/// Reads samples from JSON (docs/reward.md): our own fields, a data-set row with an answer (fields at the top win over
/// those of extra_info), or a run folder in the place of answer and pictures. A picture that cannot be decoded counts
/// as failed. Thread-safe.
class SampleReader {
 public:
  SampleReader(PictureIntake& intake, FileAccess access) : intake_(intake), access_(std::move(access)) {}

  /// Errors: kInvalidArgument, whose message begins with the field ("image_num: …"); kUnavailable, kTimeout, kCancelled
  /// of decoding pictures.
  [[nodiscard]] Result<Sample> read(const RunContext& context, const nlohmann::json& row) const;

 private:
  PictureIntake& intake_;
  const FileAccess access_;
};

}  // namespace llmi::reward
