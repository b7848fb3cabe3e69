#include "lm/llama/sequence_table.h"

#include <algorithm>
#include <unordered_set>

namespace llmi::lm {

SequenceTable::SequenceTable(std::size_t sequences, std::size_t cells, bool share)
    : entries_(sequences), cells_(cells), share_(share) {}

std::optional<int> SequenceTable::longest_match(std::span<const Token> prompt, std::size_t& length) const {
  std::optional<int> best;
  length = 0;
  if (!share_) return best;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& tokens = entries_[i].tokens;
    const auto end = std::mismatch(prompt.begin(), prompt.end(), tokens.begin(), tokens.end()).first;
    const auto match = static_cast<std::size_t>(end - prompt.begin());
    if (match <= length) continue;
    length = match;
    best = static_cast<int>(i);
  }
  return best;
}

/// The idle sequence used longest ago, of those that hold something if `filled`.
std::optional<int> SequenceTable::least_recent(std::optional<int> spared, bool filled) const {
  std::optional<int> oldest;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const int sequence = static_cast<int>(i);
    if (entries_[i].reserved != 0 || sequence == spared || (filled && entries_[i].tokens.empty())) continue;
    if (!oldest || entries_[i].last_used < entry(*oldest).last_used) oldest = sequence;
  }
  return oldest;
}

/// The matching sequence itself when that loses less than it keeps; otherwise another, which shares the matching
/// states.
std::optional<int> SequenceTable::target(std::optional<int> source, std::size_t kept) const {
  if (source && entry(*source).reserved == 0 && 2 * kept >= entry(*source).tokens.size()) return source;
  if (const auto other = least_recent(source, false)) return other;
  return source && entry(*source).reserved == 0 ? source : std::nullopt;
}

std::size_t SequenceTable::cells_in_use() const {
  std::unordered_set<std::uint64_t> held;
  std::size_t promised = 0;
  for (const Entry& entry : entries_) {
    held.insert(entry.cells.begin(), entry.cells.end());
    if (entry.reserved != 0) promised += entry.reserved - entry.tokens.size();
  }
  return held.size() + promised;
}

void SequenceTable::keep_from(int source, int target, std::size_t kept) {
  if (source != target) entries_[static_cast<std::size_t>(target)] = entry(source);
  entries_[static_cast<std::size_t>(target)].tokens.resize(kept);
  entries_[static_cast<std::size_t>(target)].cells.resize(kept);
}

std::optional<Placement> SequenceTable::place(std::span<const Token> prompt, std::size_t output) {
  Placement placement;
  const auto source = longest_match(prompt, placement.kept);
  placement.kept = std::min(placement.kept, prompt.size() - 1);
  const auto taken = target(source, placement.kept);
  if (!taken) return std::nullopt;
  placement.sequence = *taken;
  if (source && placement.kept > 0 && *source != *taken) placement.copy_from = source;

  const SequenceTable before = *this;
  keep_from(placement.copy_from ? *placement.copy_from : placement.sequence, placement.sequence, placement.kept);
  entries_[static_cast<std::size_t>(*taken)].reserved = prompt.size() + output;
  entries_[static_cast<std::size_t>(*taken)].last_used = ++clock_;
  while (cells_in_use() > cells_) {
    const auto idle = least_recent(placement.sequence, true);
    if (!idle) {
      *this = before;
      return std::nullopt;
    }
    forget(*idle);
    placement.dropped.push_back(*idle);
  }
  return placement;
}

void SequenceTable::append(int sequence, Token token) {
  Entry& entry = entries_[static_cast<std::size_t>(sequence)];
  entry.tokens.push_back(token);
  entry.cells.push_back(next_cell_++);
}

void SequenceTable::release(int sequence) {
  Entry& entry = entries_[static_cast<std::size_t>(sequence)];
  entry.reserved = 0;
  entry.last_used = ++clock_;
  if (!share_) forget(sequence);
}

void SequenceTable::forget(int sequence) {
  Entry& entry = entries_[static_cast<std::size_t>(sequence)];
  entry.tokens.clear();
  entry.cells.clear();
  entry.last_used = 0;
}

}  // namespace llmi::lm
