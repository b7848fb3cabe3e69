#include "tools/edit/typing_slip.h"

#include <algorithm>
#include <array>
#include <utility>

namespace llmi::tools::edit {
namespace {

// Shorter words are too near each other to be told from a slip.
constexpr std::size_t kShortestSwapped = 5;
constexpr std::size_t kShortestWrong = 6;

// Slips in short words that are no words themselves.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kShort{{{"teh", "the"},
                                                                               {"hte", "the"},
                                                                               {"adn", "and"},
                                                                               {"nad", "and"},
                                                                               {"ad", "add"},
                                                                               {"wiht", "with"},
                                                                               {"corp", "crop"}}};

/// Both without what they begin and end with alike.
std::pair<std::string_view, std::string_view> difference(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  return {a, b};
}

bool is_swap(std::string_view typed, std::string_view word) {
  const auto [from, to] = difference(typed, word);
  return word.size() >= kShortestSwapped && from.size() == 2 && to.size() == 2 && from[0] == to[1] && from[1] == to[0];
}

bool is_wrong_letter(std::string_view typed, std::string_view word) {
  const auto [from, to] = difference(typed, word);
  if (from.size() > 1 || to.size() > 1 || word.size() < kShortestWrong) return false;
  return typed != std::string(word) + 's' && std::string(typed) + 's' != word;
}

/// The only word that `is_meant` says yes to.
template <class IsMeant>
std::optional<std::string> only_one(const Words& known, IsMeant is_meant) {
  const auto found = std::ranges::find_if(known, is_meant);
  if (found == known.end() || std::any_of(std::next(found), known.end(), is_meant)) return std::nullopt;
  return *found;
}

}  // namespace

std::optional<std::string> meant_by_slip(std::string_view word, const Words& known) {
  if (word.empty() || known.contains(word)) return std::nullopt;
  const auto* short_word = std::ranges::find(kShort, word, [](const auto& slip) { return slip.first; });
  if (short_word != kShort.end()) return std::string(short_word->second);
  const auto slip_by = [&](auto is_slip) {
    return only_one(known, [&](const std::string& candidate) {
      return candidate.front() == word.front() && is_slip(word, candidate);
    });
  };
  auto swapped = slip_by(is_swap);
  return swapped ? swapped : slip_by(is_wrong_letter);
}

}  // namespace llmi::tools::edit
