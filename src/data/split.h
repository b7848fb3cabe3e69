#pragma once

#include <cstdint>
#include <vector>

#include "data/row.h"

namespace llmi::data {

/// Sends whole topics, drawn by seed, to the test split until at least `share` of every language's rows are there. A
/// topic that two languages have goes as one, so that no test topic was seen in training in any language. Every number
/// of input pictures is tested, and domains take turns.
void split_by_topic(std::vector<Row>& rows, double share, std::uint64_t seed);

}  // namespace llmi::data
