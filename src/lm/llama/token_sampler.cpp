#include "lm/llama/token_sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

namespace llmi::lm {
namespace {

constexpr double kDryBase = 1.75;
constexpr std::size_t kDryAllowed = 2;   // repetitions up to this length go unpunished
constexpr std::size_t kDryReach = 1024;  // tokens looked back at
constexpr std::size_t kDryLongest = 50;  // beyond this the penalty forbids anyway

bool better(const Candidate& a, const Candidate& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.token < b.token;
}

/// The `count` best tokens, best first. One pass that compares whole blocks with the worst of the best so far, which
/// the compiler turns into vector code: the vocabulary is read at memory speed.
std::vector<Candidate> best_tokens(std::span<const float> logits, std::size_t count) {
  constexpr std::size_t kBlock = 64;
  std::vector<Candidate> heap;  // the worst in front
  heap.reserve(count);
  for (std::size_t begin = 0; begin < logits.size(); begin += kBlock) {
    const std::span<const float> block = logits.subspan(begin, std::min(kBlock, logits.size() - begin));
    if (heap.size() == count) {
      const float worst = heap.front().logit;
      unsigned any = 0;
      for (const float logit : block) any |= static_cast<unsigned>(logit > worst);
      if (any == 0) continue;
    }
    for (std::size_t i = 0; i < block.size(); ++i) {
      const Candidate candidate{static_cast<Token>(begin + i), block[i]};
      if (heap.size() < count) {
        heap.push_back(candidate);
        std::push_heap(heap.begin(), heap.end(), better);
      } else if (better(candidate, heap.front())) {
        std::pop_heap(heap.begin(), heap.end(), better);
        heap.back() = candidate;
        std::push_heap(heap.begin(), heap.end(), better);
      }
    }
  }
  std::sort_heap(heap.begin(), heap.end(), better);
  return heap;
}

}  // namespace

TokenSampler::TokenSampler(const Sampling& sampling, std::uint64_t seed, std::vector<Token> breakers)
    : sampling_(sampling), random_(seed), breakers_(std::move(breakers)) {}

std::size_t TokenSampler::wanted(std::size_t vocabulary) const {
  if (sampling_.temperature <= 0) return 1;
  return sampling_.top_k > 0 ? std::min(static_cast<std::size_t>(sampling_.top_k), vocabulary) : vocabulary;
}

std::optional<Token> TokenSampler::sample(std::span<float> logits, TokenFilter& filter) {
  penalise_repeats(logits);
  penalise_repetitions(logits);
  Candidate drawn{draw(best_tokens(logits, wanted(logits.size()))), 0};
  if (filter.keep_allowed({&drawn, 1}) == 1) return drawn.token;
  const std::vector<Candidate> rest = allowed(logits, filter);
  if (rest.empty()) return std::nullopt;
  return draw(rest);
}

/// True when no token worse than `next_logit` can change the draw among `found`.
bool TokenSampler::decided(std::span<const Candidate> found, float next_logit, std::size_t enough) const {
  if (found.empty()) return false;
  if (found.size() >= enough) return true;
  return sampling_.min_p > 0 && next_logit < found.front().logit + static_cast<float>(std::log(sampling_.min_p));
}

std::vector<Candidate> TokenSampler::allowed(std::span<const float> logits, TokenFilter& filter) const {
  std::vector<Candidate> all(logits.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = {static_cast<Token>(i), logits[i]};
  const std::size_t enough = wanted(logits.size());
  std::vector<Candidate> found;
  std::size_t done = 0;
  for (const std::size_t part : {std::size_t{64}, std::size_t{1024}, all.size()}) {
    const std::size_t end = std::min(part, all.size());
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(done);
    const auto last = all.begin() + static_cast<std::ptrdiff_t>(end);
    // The last part may be long and is mostly refused: asked first, sorted afterwards.
    const bool sort_first = end < all.size();
    if (sort_first) std::partial_sort(first, last, all.end(), better);
    const float next_logit = sort_first ? (last - 1)->logit : -std::numeric_limits<float>::infinity();
    const std::size_t kept = filter.keep_allowed({first, last});
    found.insert(found.end(), first, first + static_cast<std::ptrdiff_t>(kept));
    if (!sort_first) std::sort(found.begin(), found.end(), better);
    done = end;
    if (end == all.size() || decided(found, next_logit, enough)) break;
  }
  if (found.size() > enough) found.resize(enough);
  return found;
}

/// `best`: not empty, best first. Its order makes every later step a cut at the end.
Token TokenSampler::draw(std::span<const Candidate> best) {
  if (sampling_.temperature <= 0 || best.size() == 1) return best.front().token;
  std::vector<double> weight(best.size());
  double sum = 0;
  for (std::size_t i = 0; i < best.size(); ++i)
    sum += weight[i] = std::exp(static_cast<double>(best[i].logit) - static_cast<double>(best.front().logit));
  std::size_t count = best.size();
  if (sampling_.top_p < 1) {
    double reached = 0;
    for (count = 0; count < best.size() && reached < sampling_.top_p * sum; ++count) reached += weight[count];
    count = std::max<std::size_t>(1, count);
  }
  while (count > 1 && weight[count - 1] < sampling_.min_p) --count;
  sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += weight[i] = std::pow(weight[i], 1 / sampling_.temperature);
  double left = random_.unit() * sum;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    left -= weight[i];
    if (left < 0) return best[i].token;
  }
  return best[count - 1].token;
}

void TokenSampler::penalise_repeats(std::span<float> logits) const {
  if (sampling_.repeat_penalty == 1.0 || sampling_.repeat_last_n <= 0) return;
  const std::size_t reach = std::min(written_.size(), static_cast<std::size_t>(sampling_.repeat_last_n));
  std::vector<Token> recent(written_.end() - static_cast<std::ptrdiff_t>(reach), written_.end());
  std::sort(recent.begin(), recent.end());
  recent.erase(std::unique(recent.begin(), recent.end()), recent.end());
  const auto factor = static_cast<float>(sampling_.repeat_penalty);
  for (const Token token : recent) {
    float& logit = logits[static_cast<std::size_t>(token)];
    logit = logit > 0 ? logit / factor : logit * factor;
  }
}

/// DRY ("don't repeat yourself", P. E. Weidmann): a token that would lengthen a repetition of what was already written
/// loses multiplier * base^(length - allowed).
void TokenSampler::penalise_repetitions(std::span<float> logits) const {
  if (sampling_.dry_multiplier <= 0 || written_.size() <= kDryAllowed) return;
  const std::size_t size = std::min(written_.size(), kDryReach);
  const std::span<const Token> recent = std::span(written_).last(size);
  std::unordered_map<Token, std::size_t> longest;
  for (std::size_t next = 1; next < size; ++next) {
    std::size_t length = 0;
    while (length < std::min(next, kDryLongest) && recent[next - 1 - length] == recent[size - 1 - length] &&
           !std::binary_search(breakers_.begin(), breakers_.end(), recent[size - 1 - length]))
      ++length;
    if (length >= kDryAllowed) {
      std::size_t& known = longest[recent[next]];
      known = std::max(known, length);
    }
  }
  for (const auto& [token, length] : longest) {
    if (std::binary_search(breakers_.begin(), breakers_.end(), token)) continue;
    const double penalty = sampling_.dry_multiplier * std::pow(kDryBase, static_cast<double>(length - kDryAllowed));
    logits[static_cast<std::size_t>(token)] -= static_cast<float>(penalty);
  }
}

}  // namespace llmi::lm
