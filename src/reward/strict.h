#pragma once

#include <optional>

#include "reward/facts.h"
#include "reward/score.h"

namespace llmi::reward {

/// What the strict variant starts from: the published components, as far as they are there.
struct StrictParts {
  std::optional<double> llm;
  std::optional<double> mllm;
};

/// Whether the prompt profits from pictures: by the count asked for, by its row, by the LLM judge, in this order.
/// Nothing: nobody said.
[[nodiscard]] std::optional<bool> profits_from_pictures(const Facts& facts, std::optional<bool> judged);

/// What stands for the pictures' judge where no picture came out: 0 where the prompt profits from pictures, 1 where it
/// does not, one half where nobody knows. Without pictures, saying nothing must not be the safe optimum.
[[nodiscard]] double mllm_without_pictures(std::optional<bool> needs);

/// The mark for tags where there are none, by the same thought: 1, 5 or 3.
[[nodiscard]] int tag_mark_without_tags(std::optional<bool> needs);

/// All components of the strict variant; those of `parts` come first (docs/reward.md has each one's meaning).
[[nodiscard]] Components strict_components(const Facts& facts, std::optional<bool> needs, const StrictParts& parts);

/// R = V D B C x (0.15 c + 0.30 c M + 0.35 L + 0.10 T + 0.10 E) / (sum of the weights that apply): count c, pictures M,
/// text L, tools T, execution E; validity V, distinctness D, brevity B, candour C. `rules_only` leaves out M and L.
[[nodiscard]] double strict_reward(const Components& components, bool rules_only);

}  // namespace llmi::reward
