#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "data/row.h"

namespace llmi::data {

/// `count` rows drawn by seed, as Markdown that shows each prompt as it is with its labels.
[[nodiscard]] std::string sample_markdown(std::span<const Row> rows, std::size_t count, std::uint64_t seed);

}  // namespace llmi::data
