#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "reward/sample.h"

namespace llmi::reward {

/// The member, or null when `object` has none.
[[nodiscard]] const nlohmann::json& member(const nlohmann::json& object, std::string_view name);
/// kInvalidArgument: "FIELD: MESSAGE".
[[nodiscard]] std::unexpected<Error> bad_field(std::string_view field, std::string_view message);

/// The row with what extra_info holds and the top lacks: one flat object of a sample's fields.
[[nodiscard]] nlohmann::json flattened(const nlohmann::json& row);

/// Everything of a sample that needs neither files nor pictures; `answer` may be missing when there is a `run`.
/// Errors: kInvalidArgument as bad_field.
[[nodiscard]] Result<Sample> read_plain_fields(const nlohmann::json& flat);

}  // namespace llmi::reward
