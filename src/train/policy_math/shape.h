#pragma once

#include <cstddef>
#include <span>

namespace llmi::train::policy_math {

// How this folder lays things out. Tokens are those that the policy chose and that are to teach it (no prompt, no
// padding, no tool results), of all completions of a batch one after another: `[tokens]`. `lengths`, `[completions]`,
// says how many each completion has; 0 is allowed. All numbers are double; all functions are pure, so any thread may
// call them. Log-probabilities are natural logarithms. A NaN in comes out as NaN in what depends on it.

/// Throws std::invalid_argument with `broken` unless `holds`. Sizes that do not fit and numbers outside their range are
/// broken invariants of the calling trainer, not errors that it could report.
void require(bool holds, const char* broken);

/// The sum of `lengths`.
[[nodiscard]] std::size_t token_count(std::span<const std::size_t> lengths);

}  // namespace llmi::train::policy_math
