#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace llmi::train::policy_math {

/// What a completion's reward is measured by. R_i are the rewards of the n completions of one prompt, m is their mean
/// and s their sample standard deviation, s² = Σ (R_i - m)² / (n - 1).
enum class Baseline : std::uint8_t {
  /// (R_i - m) / (s + 1e-6). GRPO, Shao et al. 2024, arXiv:2402.03300, section 4.1.2, which leaves open which deviation
  /// is meant. verl 0.9.1 (torch.std) and TRL 1.16 take that of a sample; verl adds 1e-6 as here, TRL 1e-4.
  kStandardised,
  /// R_i - m. Dr. GRPO, Liu et al. 2025, arXiv:2503.20783: no weight on groups that are nearly all good or all bad.
  kMean,
  /// R_i - (mean of the other n - 1) = n / (n - 1) (R_i - m). RLOO, Ahmadian et al. 2024, arXiv:2402.14740.
  kLeaveOneOut,
};

struct GroupAdvantages {
  std::vector<double> values;  ///< [completions]; their sum is 0 but for rounding.
  double mean = 0;             ///< m
  double deviation = 0;        ///< s; 0 where nothing is taught.
  /// False where all rewards are equal (to 1e-12 of the largest) or there is only one: such a group cannot say which
  /// completion is better. Its advantages are exactly 0, and the trainer has to report it.
  bool teaches = false;
};

/// The advantages of one group. `rewards` `[completions]` are finite and hold scored completions only: one without a
/// score is left out by the caller, never counted as 0. (verl gives a lone completion its reward as the advantage; here
/// it is 0.) Throws std::invalid_argument for a reward that is not finite.
[[nodiscard]] GroupAdvantages group_advantages(std::span<const double> rewards, Baseline baseline);

}  // namespace llmi::train::policy_math
