#include "store/corpus_slips.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "store/corpus_query.h"

namespace llmi::store {
namespace {

constexpr std::size_t kShortest = 5;

/// What is left of two words without what they begin and end with in common.
struct Difference {
  std::string_view a;
  std::string_view b;
  char before = ' ';
  char after = ' ';
};

Difference difference(std::string_view a, std::string_view b) {
  const auto [first, unused] = std::ranges::mismatch(a, b);
  const auto begin = static_cast<std::size_t>(first - a.begin());
  const char before = begin > 0 ? a[begin - 1] : ' ';
  a.remove_prefix(begin);
  b.remove_prefix(begin);
  char after = ' ';
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    after = a.back();
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  return {a, b, before, after};
}

bool swapped(const Difference& rest) {
  return rest.a.size() == 2 && rest.b.size() == 2 && rest.a[0] == rest.b[1] && rest.a[1] == rest.b[0];
}

/// "strawbery", "kangarooo".
bool doubled(const Difference& rest) {
  const std::string_view letter = rest.a.empty() ? rest.b : rest.a;
  return rest.a.size() + rest.b.size() == 1 && (letter[0] == rest.before || letter[0] == rest.after);
}

}  // namespace

bool one_slip_apart(std::string_view a, std::string_view b) {
  const Difference rest = difference(a, b);
  const std::size_t longer = std::max(rest.a.size(), rest.b.size());
  return longer == 1 || swapped(rest);
}

std::optional<std::string> without_slip(std::string_view word, bool may_be_name, Vocabulary& vocabulary) {
  if (word.size() < kShortest) return std::nullopt;
  std::vector<std::tuple<bool, std::uint32_t, std::string>> candidates;
  for (auto& [candidate, pictures] : vocabulary.one_slip_from(word)) {
    const Difference rest = difference(word, candidate);
    const bool sure = swapped(rest) || doubled(rest);
    if (sure || !may_be_name) candidates.emplace_back(sure, pictures, std::move(candidate));
  }
  if (candidates.empty()) return std::nullopt;
  std::ranges::sort(candidates, std::greater());
  const auto rank = [](const auto& candidate) { return std::pair(std::get<0>(candidate), std::get<1>(candidate)); };
  if (candidates.size() > 1 && rank(candidates[0]) == rank(candidates[1])) return std::nullopt;
  return std::get<2>(candidates[0]);
}

}  // namespace llmi::store
