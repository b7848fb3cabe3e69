#pragma once

#include <cstddef>
#include <span>

#include "base/run_context.h"
#include "reward/picture_intake.h"
#include "reward/sample.h"

namespace llmi::reward {

/// How many different pictures came out: one that equals an earlier one, or is near-identical to it (image/signature.h:
/// recompressed, rescaled, a few pixels changed), does not count. A picture that cannot be compared counts as
/// different. Errors: kTimeout, kCancelled, kUnavailable (pictures cannot be decoded on this machine).
[[nodiscard]] Result<std::size_t> count_distinct(const RunContext& context, PictureIntake& intake,
                                                 std::span<const SamplePicture> pictures);

}  // namespace llmi::reward
