#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace llmi::lm {

using Token = std::int32_t;

/// Where a request's tokens go in the engine's memory.
struct Placement {
  int sequence = 0;
  std::size_t kept = 0;          ///< Leading tokens of the prompt whose state is there already.
  std::optional<int> copy_from;  ///< The sequence that has it; empty: this one.
  std::vector<int> dropped;      ///< Sequences whose whole state goes, to make room.
};

/// Books which tokens' states the engine's memory holds, for a fixed number of sequences that share a fixed number of
/// cells. Finished requests stay, so that later ones with the same beginning need not compute it again, until their
/// room is needed. Only the books: the engine carries out what they say. Not thread-safe.
class SequenceTable {
 public:
  /// Without `share` nothing is kept for later (models whose state cannot be cut).
  SequenceTable(std::size_t sequences, std::size_t cells, bool share = true);

  /// Takes a sequence for a prompt (not empty) and at most `output` tokens after it. At least the prompt's last token
  /// is left to compute. Empty while running requests leave no sequence or not enough cells.
  [[nodiscard]] std::optional<Placement> place(std::span<const Token> prompt, std::size_t output);
  /// A token's state was added to a sequence.
  void append(int sequence, Token token);
  /// The request is over; its tokens stay until the room is needed.
  void release(int sequence);
  /// Forgets an idle sequence's tokens.
  void forget(int sequence);

  /// Tokens whose state a sequence holds.
  [[nodiscard]] std::size_t length(int sequence) const { return entry(sequence).tokens.size(); }

 private:
  struct Entry {
    std::vector<Token> tokens;
    std::vector<std::uint64_t> cells;  // one a token; the same number where sequences share a state
    std::size_t reserved = 0;          // the length it may grow to; 0 while idle
    std::uint64_t last_used = 0;
  };
  [[nodiscard]] const Entry& entry(int sequence) const { return entries_[static_cast<std::size_t>(sequence)]; }
  [[nodiscard]] std::optional<int> longest_match(std::span<const Token> prompt, std::size_t& length) const;
  [[nodiscard]] std::optional<int> target(std::optional<int> source, std::size_t kept) const;
  [[nodiscard]] std::optional<int> least_recent(std::optional<int> spared, bool filled) const;
  void keep_from(int source, int target, std::size_t kept);
  [[nodiscard]] std::size_t cells_in_use() const;

  std::vector<Entry> entries_;
  std::size_t cells_;
  bool share_;
  std::uint64_t next_cell_ = 0;
  std::uint64_t clock_ = 0;
};

}  // namespace llmi::lm
