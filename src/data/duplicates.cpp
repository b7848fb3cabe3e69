#include "data/duplicates.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

#include "base/random.h"
#include "data/letters.h"

namespace llmi::data {
namespace {

constexpr std::size_t kShingleWords = 3;

/// FNV-1a, mixed: the same on every machine.
std::uint64_t hash_words(std::vector<std::string>::const_iterator begin, std::vector<std::string>::const_iterator end) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  const auto take = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001B3U; };
  for (; begin != end; ++begin) {
    for (const char c : *begin) take(static_cast<unsigned char>(c));
    take(0);
  }
  return Random(hash).next();
}

}  // namespace

Shingles shingles(std::string_view text) {
  const std::vector<std::string> all = words(text);
  Shingles found;
  if (all.size() < kShingleWords) {
    found.push_back(hash_words(all.begin(), all.end()));
    return found;
  }
  for (auto at = all.begin(); all.end() - at >= static_cast<std::ptrdiff_t>(kShingleWords); ++at)
    found.push_back(hash_words(at, at + kShingleWords));
  std::ranges::sort(found);
  const auto rest = std::ranges::unique(found);
  found.erase(rest.begin(), rest.end());
  return found;
}

double jaccard(const Shingles& a, const Shingles& b) {
  std::size_t common = 0;
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    if (*left == *right) ++common;
    const bool step_left = *left <= *right;
    const bool step_right = *right <= *left;
    if (step_left) ++left;
    if (step_right) ++right;
  }
  const std::size_t either = a.size() + b.size() - common;
  return either == 0 ? 1 : static_cast<double>(common) / static_cast<double>(either);
}

DuplicateFinder::Keys DuplicateFinder::keys(const Shingles& shingles) {
  Keys keys{};
  for (std::size_t band = 0; band < kBands; ++band) {
    std::uint64_t key = band;
    for (std::size_t row = 0; row < kRows; ++row) {
      const std::uint64_t salt = Random(band * kRows + row).next();
      std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
      for (const std::uint64_t shingle : shingles) least = std::min(least, Random(shingle ^ salt).next());
      key = Random(key ^ least).next();
    }
    keys[band] = key;
  }
  return keys;
}

std::optional<DuplicateFinder::Match> DuplicateFinder::find(std::string_view text) const {
  const Shingles own = shingles(text);
  const Keys own_keys = keys(own);
  std::set<std::size_t> proposed;
  for (std::size_t band = 0; band < kBands; ++band) {
    const auto bucket = buckets_[band].find(own_keys[band]);
    if (bucket != buckets_[band].end()) proposed.insert(bucket->second.begin(), bucket->second.end());
  }
  std::optional<Match> best;
  for (const std::size_t number : proposed) {
    const double similarity = jaccard(own, prompts_[number]);
    if (similarity >= kNearDuplicate && (!best || similarity > best->similarity)) best = Match{number, similarity};
  }
  return best;
}

void DuplicateFinder::add(std::string_view text) {
  Shingles own = shingles(text);
  const Keys own_keys = keys(own);
  for (std::size_t band = 0; band < kBands; ++band) buckets_[band][own_keys[band]].push_back(prompts_.size());
  prompts_.push_back(std::move(own));
}

}  // namespace llmi::data
