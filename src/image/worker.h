#pragma once

#include "base/error.h"
#include "base/run_context.h"
#include "image/picture.h"
#include "image/worker_protocol.h"

namespace llmi::image {

/// Starts `llmi-picture` for one request and reads its reply. Errors: those of the reply; kUnreadable when the process
/// died on a limit or took longer than its share; kTimeout and kCancelled by the context; kUnavailable when it cannot
/// be started. Thread-safe.
[[nodiscard]] Result<Picture> ask_worker(const RunContext& context, const WorkerRequest& request);

}  // namespace llmi::image
