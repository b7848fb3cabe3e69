#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session.h"
#include "base/run_context.h"
#include "config/settings.h"

namespace llmi::app {

/// A task as the configuration has it: without prompt, pictures and count.
[[nodiscard]] agent::Task task_of(const config::Settings& settings);

/// Titles of pictures that a local search would find.
[[nodiscard]] std::function<std::vector<std::string>(std::string_view query)> picture_finder(
    const config::Settings& settings, const RunContext& context);

}  // namespace llmi::app
