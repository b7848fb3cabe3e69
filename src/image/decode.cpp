#include "image/decode.h"

#include "image/header.h"
#include "image/worker.h"

namespace llmi::image {

Result<Picture> decode_untrusted(const RunContext& context, std::string_view bytes, const DecodeLimits& limits) {
  // Most bad pictures are told by their header, without a process.
  if (auto header = check_header(bytes, limits); !header) return std::unexpected(std::move(header).error());
  return ask_worker(context, {.task = WorkerRequest::Task::kDecode, .limits = limits, .bytes = bytes});
}

}  // namespace llmi::image
