#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "base/run_context.h"
#include "image/picture.h"

namespace llmi::image {

inline constexpr int kSignatureSide = 32;

/// What a picture looks like from afar: its grey values (transparent parts white) at 32 x 32 pixels, row by row.
using Signature = std::array<std::uint8_t, std::size_t{kSignatureSide} * kSignatureSide>;

/// Of a picture of ours, in the same limited process as decode_untrusted. Errors: kUnreadable, kTimeout, kCancelled,
/// kUnavailable. Thread-safe.
[[nodiscard]] Result<Signature> signature(const RunContext& context, const Picture& picture);

/// Whether two pictures would be taken for the same one: recompressed, rescaled, or changed in a few pixels. The root
/// of the mean squared difference of their grey values is below 3 of 255.
[[nodiscard]] bool near_identical(const Signature& a, const Signature& b);

}  // namespace llmi::image
