#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "base/error.h"
#include "reward/score.h"

namespace llmi::reward {

/// A score as one JSON object (docs/reward.md).
[[nodiscard]] nlohmann::ordered_json to_json(const Score& score);

/// A stored score computed again from its facts and its judges' replies, as another variant if one is given. A row
/// whose sample could not be looked at (no facts) stays as it is. Errors: kInvalidArgument, naming the field.
[[nodiscard]] Result<nlohmann::ordered_json> reverified(const nlohmann::json& row, std::optional<Variant> variant);

}  // namespace llmi::reward
