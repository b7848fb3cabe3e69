#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/judge.h"
#include "reward/judge.h"

namespace llmi::eval {

/// Questions put to a model through the reward's judge, with its repairs, retries, limits and memory. The form of the
/// reply is forced where the server can. The judge outlives the function.
[[nodiscard]] Judge ask_model(reward::Judge& judge);

/// The last JSON object in the reply that gives every scale a whole number within its bounds; thoughts are left out.
[[nodiscard]] std::optional<Verdict> read_verdict(std::string_view reply, const std::vector<Scale>& scales);

}  // namespace llmi::eval
