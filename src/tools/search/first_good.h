#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "image/picture.h"

namespace llmi::tools {

struct FirstGoodOptions {
  std::size_t at_once = 8;                          ///< Tried side by side; then the next ones.
  std::chrono::milliseconds each{5000};             ///< Time for one.
  std::chrono::milliseconds wait_for_better{1000};  ///< Once one is good, for those ranked above it.
};

/// What trying came to: the best-ranked good picture and its place, or what was wrong with each.
struct FirstGood {
  std::size_t index = 0;
  std::optional<image::Picture> picture;
  std::vector<Error> problems;
};

/// Tries number 0, 1, 2, … `count` - 1, best first, several at once. `attempt` is called on other threads, which have
/// ended on return; it honours its context. A cancelled or passed context ends the trying with its error in `problems`.
[[nodiscard]] FirstGood first_good(
    const RunContext& context, std::size_t count, const FirstGoodOptions& options,
    const std::function<Result<image::Picture>(const RunContext&, std::size_t)>& attempt);

}  // namespace llmi::tools
