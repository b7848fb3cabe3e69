#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/run_context.h"
#include "image/picture.h"
#include "store/cache.h"
#include "tools/tool.h"

namespace llmi::agent {

/// Everything that decides a call's result; empty when it must not be answered from a cache.
[[nodiscard]] std::string cache_key(const RunContext& context, const tools::Tool& tool, const tools::Request& request);

/// A result made earlier; empty on a miss, when the entry cannot be read or is older than `lifetime` (zero: any age).
[[nodiscard]] std::optional<tools::Made> cached_result(store::Cache* cache, const std::string& key,
                                                       std::chrono::milliseconds lifetime);

void keep_result(store::Cache* cache, const std::string& key, const tools::Made& made);

}  // namespace llmi::agent
