#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace llmi::data {

/// Two prompts count as near-duplicates when the Jaccard similarity of their sets of three-word shingles (words as
/// letters.h gives them: case, punctuation and the values of digits play no part) reaches this.
inline constexpr double kNearDuplicate = 0.4;

/// A prompt's shingles, hashed, sorted and unique. A text shorter than a shingle is one.
using Shingles = std::vector<std::uint64_t>;
[[nodiscard]] Shingles shingles(std::string_view text);
/// |a ∩ b| / |a ∪ b|; 1 for two empty sets.
[[nodiscard]] double jaccard(const Shingles& a, const Shingles& b);

/// Remembers prompts and finds near-duplicates among them: MinHash signatures in bands propose (Broder 1997; 40 bands
/// of 3, which proposes a pair at similarity 0.5 with probability 0.995), the exact similarity decides. Not
/// thread-safe.
class DuplicateFinder {
 public:
  struct Match {
    std::size_t number = 0;  ///< Of the earlier prompt, as add() counted.
    double similarity = 0;
  };
  /// The earlier prompt most similar to `text`, if near enough.
  [[nodiscard]] std::optional<Match> find(std::string_view text) const;
  void add(std::string_view text);
  [[nodiscard]] std::size_t size() const { return prompts_.size(); }

 private:
  static constexpr std::size_t kBands = 64;
  static constexpr std::size_t kRows = 3;
  using Keys = std::array<std::uint64_t, kBands>;
  [[nodiscard]] static Keys keys(const Shingles& shingles);

  std::vector<Shingles> prompts_;
  std::array<std::unordered_map<std::uint64_t, std::vector<std::size_t>>, kBands> buckets_;
};

}  // namespace llmi::data
