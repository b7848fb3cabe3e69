#pragma once

#include <cstdint>
#include <string>

#include "data/make.h"

namespace llmi::data {

/// The counts of a data set as Markdown tables: by language, split, picture-count kind, required tools, input
/// pictures, domain and length.
[[nodiscard]] std::string counts_markdown(const DataSet& set, std::uint64_t seed);

}  // namespace llmi::data
