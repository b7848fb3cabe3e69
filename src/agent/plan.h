#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/session.h"
#include "base/fault.h"
#include "tag/tag.h"

namespace llmi::agent {

/// The fault of an edit whose parent failed: it names that parent, whatever made that one fail.
[[nodiscard]] Fault parent_failed(const tag::EditParams& edit);

/// The figures of a run and what they wait for: a graph that grows while the answer is written. Pure: no threads, no
/// clock, no tools; the session asks it what may start and tells it what happened. Not thread-safe.
class Plan {
 public:
  /// How many calls of each tool may run at once, in the order of tag::Source; 0: the tool is not offered.
  using Slots = std::array<std::size_t, 4>;

  Plan(std::size_t input_pictures, FigureCount count, const Limits& limits, Slots slots);

  /// A tag closed. A fault when it must not run at all (over the number asked for, over the budget, no such tool).
  std::optional<Fault> add(std::size_t index, tag::Tag call);
  /// A tag that cannot be read stands at `index`; it counts like any other. A fault of its own when it is over the
  /// number.
  std::optional<Fault> add_faulty(std::size_t index);

  /// Figures to start now, in order of position; they count as running from here on.
  [[nodiscard]] std::vector<std::size_t> take_startable();

  /// The figure is there: figures that wait for it may start.
  void ready(std::size_t index);
  /// The figure's call ended with a fault that may be repaired; its slot is free, its edits go on waiting.
  void suspend(std::size_t index);
  /// A suspended (or faulty) figure has a new call. A fault when that call must not run.
  std::optional<Fault> resume(std::size_t index, tag::Tag call);
  /// The figure will not come. Returns every figure that fails with it (edits of it, edits of those), in order.
  std::vector<std::size_t> failed(std::size_t index);

  [[nodiscard]] const tag::Tag& call(std::size_t index) const { return nodes_.at(index).call; }
  /// Figures that are neither ready nor failed, in order.
  [[nodiscard]] std::vector<std::size_t> open() const;

 private:
  enum class State : std::uint8_t { kWaiting, kRunning, kSuspended, kReady, kFailed };
  struct Node {
    tag::Tag call;
    State state = State::kWaiting;
  };

  [[nodiscard]] std::optional<Fault> refuse(const tag::Tag& call) const;
  [[nodiscard]] bool over_the_number() const;
  [[nodiscard]] bool parent_ready(const Node& node) const;
  [[nodiscard]] std::optional<Fault> dead_parent(const tag::Tag& call) const;
  void leave(std::size_t index, State next);

  std::size_t input_pictures_;
  FigureCount count_;
  Limits limits_;
  Slots slots_;
  Slots running_{};
  std::size_t accepted_ = 0;  ///< Figures that count towards the number asked for.
  std::size_t calls_ = 0;
  std::map<std::size_t, Node> nodes_;
  std::set<std::size_t> waiting_;  ///< Indices of the nodes in that state: what a step has to look at.
};

}  // namespace llmi::agent
