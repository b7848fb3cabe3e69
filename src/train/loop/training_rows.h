#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "reward/sample.h"

namespace llmi::train {

/// Reads what a run learns from, one JSON object a line: a prompt set (docs/data.md; answers stay empty), or
/// demonstrations ("prompt", "answer"). Left out are rows of the test split, which nothing may learn from, rows with
/// input pictures, which text models cannot see, and those in another language where one is named. A demonstration of
/// the test split is an error: somebody has made an answer to it. Errors: kInvalidArgument naming file and line, and
/// when nothing is left; kNotFound.
[[nodiscard]] Result<std::vector<reward::Sample>> read_training_rows(const std::filesystem::path& file,
                                                                     std::string_view language, bool demonstrations);

/// The row that a run with this seed takes as its `position`-th: every epoch in another order, the same each time.
[[nodiscard]] std::size_t row_at(std::size_t position, std::size_t rows, std::uint64_t seed);

}  // namespace llmi::train
