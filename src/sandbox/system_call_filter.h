#pragma once

#include "base/error.h"

namespace llmi::sandbox {

/// A sealed file descriptor (memfd) that holds the seccomp program of the sandbox, for bwrap's --seccomp. The caller closes
/// it. Errors: kUnavailable when the kernel or libseccomp cannot make one.
[[nodiscard]] Result<int> system_call_filter();

}  // namespace llmi::sandbox
