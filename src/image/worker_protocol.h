#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "image/decode.h"
#include "image/picture.h"

namespace llmi::image {

/// Changes whenever the same request may give another picture; part of cache keys.
inline constexpr std::string_view kWorkerVersion = "1";

/// What `llmi-picture` is asked to do: one request on its standard input, one reply on its standard output.
struct WorkerRequest {
  enum class Task : std::uint32_t {
    kDecode,     ///< Foreign bytes to a re-encoded picture within the limits.
    kOperate,    ///< A picture of ours through a program of operations (tools/edit/operation.h).
    kSignature,  ///< A picture of ours to the values of its signature (signature.h), as the reply's bytes.
    kJpeg,       ///< A picture of ours as JPEG.
  };
  Task task = Task::kDecode;
  DecodeLimits limits;
  std::string program;  ///< kOperate.
  std::string_view bytes;
};

[[nodiscard]] std::string encode(const WorkerRequest& request);
/// The views of the result point into `message`. Errors: kUnreadable.
[[nodiscard]] Result<WorkerRequest> decode_request(std::string_view message);

/// The reply: a picture, or the error that the caller gets.
[[nodiscard]] std::string encode(const Result<Picture>& reply);
[[nodiscard]] Result<Picture> decode_reply(std::string_view message);

}  // namespace llmi::image
