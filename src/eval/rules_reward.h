#pragma once

#include <string_view>

#include "base/error.h"
#include "base/run_context.h"
#include "eval/answer.h"
#include "eval/item.h"

namespace llmi::eval {

/// The measure's name.
inline constexpr std::string_view kRulesReward = "rules_reward";

/// What the strict reward's rules alone give the answer, from 0 to 1 (reward/strict.h), counts as in training. Errors:
/// a picture of the run that cannot be read; kTimeout, kCancelled.
[[nodiscard]] Result<double> rules_reward(const RunContext& context, const Item& item, const Answer& answer);

}  // namespace llmi::eval
