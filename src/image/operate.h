#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/run_context.h"
#include "image/picture.h"

namespace llmi::image {

/// Runs a program of picture operations (the text form of tools/edit/operation.h, one operation a line) on a picture of
/// ours, in the same limited process as decode_untrusted. Errors: kInvalidArgument (the program, or an operation that
/// this picture does not allow, such as a crop to nothing), kUnreadable, kTimeout, kCancelled, kUnavailable.
/// Thread-safe.
[[nodiscard]] Result<Picture> operate(const RunContext& context, const Picture& picture, std::string_view program);

/// The picture as JPEG, for those who read nothing else; what is transparent becomes white. One that is JPEG stays as
/// it is. Errors: as above, without kInvalidArgument. Thread-safe.
[[nodiscard]] Result<Picture> to_jpeg(const RunContext& context, const Picture& picture);

/// What decides the pixels besides the request, for cache keys: the version of our own drawing and of libvips.
[[nodiscard]] std::string operate_identity();

}  // namespace llmi::image
