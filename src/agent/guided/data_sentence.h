#pragma once

#include <string>

#include "agent/guided/given_values.h"

namespace llmi::agent {

/// What the numbers say, in one or two true sentences: the range of a series over years, else the largest and the
/// smallest value. Empty for fewer than two values.
[[nodiscard]] std::string data_sentence(const GivenData& data);

}  // namespace llmi::agent
