#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "lm/llama/backend_log.h"

namespace llmi::lm {

/// Names the usual causes before llama.cpp is asked, whose messages presuppose that one knows its code. `what` is
/// "model", "LoRA adapter", … Errors: kNotFound, kUnreadable.
[[nodiscard]] Result<void> check_gguf(const std::filesystem::path& path, std::string_view what);

/// kUnreadable for a file that llama.cpp did not load, with its reason and what to do.
[[nodiscard]] std::unexpected<Error> gguf_error(const std::filesystem::path& path, std::string_view what,
                                                const BackendLog& log);

}  // namespace llmi::lm
