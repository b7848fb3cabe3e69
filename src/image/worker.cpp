#include "image/worker.h"

#include <fmt/format.h>
#include <signal.h>

#include <chrono>

#include "base/child_process.h"
#include "base/paths.h"

namespace llmi::image {
namespace {

// Ordinary pictures take well under a second; what takes longer than this is built to.
constexpr std::chrono::seconds kMaxDuration{20};
constexpr std::size_t kMaxReply = std::size_t{256} << 20;

ChildSpec worker_spec() {
  return {
      .argv = {companion_program("llmi-picture").string()},
      // VIPSHOME points to nowhere, so that libvips finds no loadable modules (magick, poppler, openslide): faster and
      // narrower. Large pictures stay in memory, where the limit counts them, instead of going to temporary files.
      .environment = {"VIPSHOME=/nonexistent", "VIPS_CONCURRENCY=1", "VIPS_DISC_THRESHOLD=16g", "VIPS_NOVECTOR=1",
                      "VIPS_WARNING=0", "MALLOC_ARENA_MAX=2", "GIO_USE_VFS=local", "LC_ALL=C.UTF-8",
                      "HOME=/nonexistent", "PATH=/usr/bin:/bin"},
      .directory = "/",
  };
}

std::unexpected<Error> unreadable(std::string message) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, std::move(message));
}

/// Why a process ended without a reply.
std::unexpected<Error> explain(const ChildResult& result) {
  if (result.exit_code == 128 + SIGXCPU || result.exit_code == 128 + SIGKILL)
    return unreadable("the picture takes too much time to decode");
  auto error = unreadable("the picture cannot be decoded: it is broken, or needs more memory than is allowed");
  error.error().context = fmt::format("llmi-picture ended with {}: {}", result.exit_code, result.err);
  return error;
}

}  // namespace

Result<Picture> ask_worker(const RunContext& context, const WorkerRequest& request) {
  LLMI_CHECK_OK(context.check());
  auto result = run_child(context.capped(kMaxDuration), worker_spec(), encode(request), kMaxReply);
  if (!result) {
    return fail(ErrorCode::kUnavailable, Origin::kInternal,
                "the picture process cannot be started: " + result.error().message);
  }
  LLMI_CHECK_OK(context.check());
  if (result->timed_out) return unreadable("the picture takes too much time to decode");
  if (result->exit_code == 0) return decode_reply(result->out);
  return explain(*result);
}

}  // namespace llmi::image
