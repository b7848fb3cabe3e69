#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"
#include "eval/judge.h"

namespace llmi::eval {

/// A side of battles: the documents that one evaluation wrote.
struct Contestant {
  std::string name;
  std::filesystem::path folder;
};

enum class Winner : std::uint8_t { kA, kB, kTieA, kTieB, kMissing };

/// Two answers to one item, which the judge saw in this order. Contestants are named by their places.
struct Battle {
  std::string id;
  std::size_t a = 0;
  std::size_t b = 0;
  Winner winner = Winner::kMissing;
  std::string reason;
  JudgeCall call;  ///< The judge's.
};

/// Which answers meet: for each item that all contestants wrote, `per_item` neighbours on a ring of the contestants,
/// shuffled by seed and item. Of two contestants each stands first in every second battle, so that the place cannot
/// decide. Errors: kNotFound, kInvalidArgument when there is no common item.
[[nodiscard]] Result<std::vector<Battle>> pair_up(std::span<const Contestant> contestants, std::size_t per_item,
                                                  std::uint64_t seed);

/// Asks the judge about one battle. A judge that fails leaves it kMissing. Errors: kCancelled, kTimeout; a run that
/// cannot be read.
[[nodiscard]] Result<void> decide(const RunContext& context, const Judge& judge,
                                  std::span<const Contestant> contestants, Battle& battle);

/// How a contestant fared, by OpenING's four ways of counting ties; missing battles count nowhere.
struct Standing {
  std::size_t battles = 0;
  std::size_t missing = 0;
  double forced = 0;        ///< A tie goes to the side that it leans to.
  double without_ties = 0;  ///< Ties are left out.
  double ties_lost = 0;     ///< A tie is no win.
  double ties_half = 0;     ///< A tie is half a win.
};
[[nodiscard]] std::vector<Standing> standings(std::span<const Battle> battles, std::size_t contestants);

/// "A", "B", "Tie(A)", "Tie(B)"; empty for a missing one.
[[nodiscard]] std::string name(Winner winner);

}  // namespace llmi::eval
