#include "image/operate.h"

#include <fmt/format.h>

#include "image/worker.h"

namespace llmi::image {
namespace {

constexpr int kMaxSide = 8192;  // Pictures of ours come as they are.

}  // namespace

Result<Picture> operate(const RunContext& context, const Picture& picture, std::string_view program) {
  return ask_worker(context, {.task = WorkerRequest::Task::kOperate,
                              .limits = {.max_side = kMaxSide},
                              .program = std::string(program),
                              .bytes = picture.bytes});
}

Result<Picture> to_jpeg(const RunContext& context, const Picture& picture) {
  if (picture.format == Format::kJpeg) return picture;
  return ask_worker(context,
                    {.task = WorkerRequest::Task::kJpeg, .limits = {.max_side = kMaxSide}, .bytes = picture.bytes});
}

std::string operate_identity() { return fmt::format("llmi-picture {} libvips {}", kWorkerVersion, LLMI_VIPS_VERSION); }

}  // namespace llmi::image
