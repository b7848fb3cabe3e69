#include "agent/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace llmi::agent {
namespace {

std::size_t slot_of(const tag::Tag& call) { return static_cast<std::size_t>(call.source()); }

std::optional<std::size_t> parent_of(const tag::Tag& call) {
  const auto* edit = std::get_if<tag::EditParams>(&call.params);
  return edit == nullptr ? std::nullopt : std::optional(edit->img_index);
}

}  // namespace

Fault parent_failed(const tag::EditParams& edit) {
  return {Stage::kDependency, fmt::format("picture {}, which this one is made from, failed", edit.img_index)};
}

Plan::Plan(std::size_t input_pictures, FigureCount count, const Limits& limits, Slots slots)
    : input_pictures_(input_pictures), count_(count), limits_(limits), slots_(slots) {}

bool Plan::over_the_number() const {
  const bool exact = count_.kind == FigureCount::Kind::kExactly;
  return count_.kind == FigureCount::Kind::kNone || (exact && accepted_ >= count_.exactly) ||
         accepted_ >= limits_.max_pictures;
}

std::optional<Fault> Plan::dead_parent(const tag::Tag& call) const {
  const auto parent = parent_of(call);
  if (!parent || *parent < input_pictures_) return std::nullopt;
  const auto found = nodes_.find(*parent);
  if (found != nodes_.end() && found->second.state != State::kFailed) return std::nullopt;
  return parent_failed(std::get<tag::EditParams>(call.params));
}

std::optional<Fault> Plan::refuse(const tag::Tag& call) const {
  if (auto fault = dead_parent(call)) return fault;
  if (slots_[slot_of(call)] == 0)
    return Fault{Stage::kTool, fmt::format("the tool \"{}\" is not available in this run; `llmi doctor` says why",
                                           tag::name(call.source()))};
  if (calls_ >= limits_.max_tool_calls)
    return Fault{Stage::kBudget, fmt::format("the budget of {} tool calls is used up (budget.tool_calls)", calls_)};
  return std::nullopt;
}

std::optional<Fault> Plan::add(std::size_t index, tag::Tag call) {
  std::optional<Fault> fault = add_faulty(index);
  if (!fault) fault = refuse(call);
  Node& node = nodes_[index];
  node.call = std::move(call);
  node.state = fault ? State::kFailed : State::kWaiting;
  if (!fault) {
    ++calls_;
    waiting_.insert(index);
  }
  return fault;
}

std::optional<Fault> Plan::add_faulty(std::size_t index) {
  Node& node = nodes_[index];
  node.state = State::kSuspended;
  if (!over_the_number()) {
    ++accepted_;
    return std::nullopt;
  }
  node.state = State::kFailed;
  if (count_.kind == FigureCount::Kind::kNone) return Fault{Stage::kBudget, "no pictures were asked for"};
  if (count_.kind == FigureCount::Kind::kExactly && accepted_ >= count_.exactly)
    return Fault{Stage::kBudget,
                 fmt::format("only {} picture{} asked for", count_.exactly, count_.exactly == 1 ? " was" : "s were")};
  return Fault{Stage::kBudget,
               fmt::format("the budget of {} pictures is used up (budget.pictures)", limits_.max_pictures)};
}

bool Plan::parent_ready(const Node& node) const {
  const auto parent = parent_of(node.call);
  if (!parent || *parent < input_pictures_) return true;
  const auto found = nodes_.find(*parent);
  return found != nodes_.end() && found->second.state == State::kReady;
}

std::vector<std::size_t> Plan::take_startable() {
  std::vector<std::size_t> startable;
  for (const std::size_t index : waiting_) {
    Node& node = nodes_.at(index);
    const std::size_t slot = slot_of(node.call);
    if (!parent_ready(node) || running_[slot] >= slots_[slot]) continue;
    ++running_[slot];
    node.state = State::kRunning;
    startable.push_back(index);
  }
  for (const std::size_t index : startable) waiting_.erase(index);
  return startable;
}

void Plan::leave(std::size_t index, State next) {
  Node& node = nodes_.at(index);
  if (node.state == State::kRunning) --running_[slot_of(node.call)];
  waiting_.erase(index);
  node.state = next;
}

void Plan::ready(std::size_t index) { leave(index, State::kReady); }
void Plan::suspend(std::size_t index) { leave(index, State::kSuspended); }

std::optional<Fault> Plan::resume(std::size_t index, tag::Tag call) {
  if (auto fault = refuse(call)) return fault;
  Node& node = nodes_.at(index);
  node.call = std::move(call);
  node.state = State::kWaiting;
  waiting_.insert(index);
  ++calls_;
  return std::nullopt;
}

std::vector<std::size_t> Plan::failed(std::size_t index) {
  leave(index, State::kFailed);
  std::vector<std::size_t> all{index};
  // Edits stand behind what they edit, so one pass in order of position finds the edits of edits too.
  for (const std::size_t other : std::vector(waiting_.begin(), waiting_.end())) {
    if (!dead_parent(nodes_.at(other).call)) continue;
    leave(other, State::kFailed);
    all.push_back(other);
  }
  return all;
}

std::vector<std::size_t> Plan::open() const {
  std::vector<std::size_t> indices;
  for (const auto& [index, node] : nodes_) {
    if (node.state != State::kReady && node.state != State::kFailed) indices.push_back(index);
  }
  return indices;
}

}  // namespace llmi::agent
