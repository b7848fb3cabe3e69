#include "lm/llama/sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <limits>
#include <span>

namespace llmi::lm {
namespace {

// A token this far below the best has a relative probability under 1e-7 at temperature 1; what is dropped cannot be
// told from what is never drawn, and the rest is short enough to sort.
constexpr float kMargin = 16.0F;
constexpr float kEverything = std::numeric_limits<float>::infinity();
constexpr std::size_t kMostCandidates = 1024;

constexpr float kDryBase = 1.75F;
constexpr std::int32_t kDryAllowedLength = 3;

SamplerPtr make_chain(const llama_model* model, const Sampling& sampling, std::uint64_t seed) {
  const llama_vocab* vocab = llama_model_get_vocab(model);
  SamplerPtr chain(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  const auto add = [&](llama_sampler* link) { llama_sampler_chain_add(chain.get(), link); };
  if (sampling.repeat_penalty != 1.0)
    add(llama_sampler_init_penalties(llama_vocab_n_tokens(vocab), sampling.repeat_last_n,
                                     static_cast<float>(sampling.repeat_penalty), 0, 0));
  if (sampling.dry_multiplier > 0) {
    std::array<const char*, 4> breakers{"\n", ":", "\"", "*"};
    add(llama_sampler_init_dry(vocab, static_cast<float>(sampling.dry_multiplier), kDryBase, kDryAllowedLength, 1024,
                               breakers.data(), breakers.size()));
  }
  if (sampling.temperature <= 0) {
    add(llama_sampler_init_greedy());
    return chain;
  }
  add(llama_sampler_init_top_k(sampling.top_k));
  add(llama_sampler_init_top_p(static_cast<float>(sampling.top_p), 1));
  add(llama_sampler_init_min_p(static_cast<float>(sampling.min_p), 1));
  add(llama_sampler_init_temp(static_cast<float>(sampling.temperature)));
  add(llama_sampler_init_dist(static_cast<std::uint32_t>(seed ^ (seed >> 32U))));
  return chain;
}

}  // namespace

std::string piece_of(const llama_vocab* vocab, llama_token token) {
  std::string piece(64, '\0');
  std::int32_t length =
      llama_token_to_piece(vocab, token, piece.data(), static_cast<std::int32_t>(piece.size()), 0, false);
  if (length < 0) {
    piece.resize(static_cast<std::size_t>(-length));
    length = llama_token_to_piece(vocab, token, piece.data(), static_cast<std::int32_t>(piece.size()), 0, false);
  }
  piece.resize(static_cast<std::size_t>(std::max(length, 0)));
  return piece;
}

Result<GrammarGate> GrammarGate::make(const llama_vocab* vocab, const Constraint& constraint) {
  GrammarGate gate(vocab, constraint);
  if (constraint.gbnf.empty()) return gate;
  SamplerPtr grammar(llama_sampler_init_grammar(vocab, constraint.gbnf.c_str(), "root"));
  if (grammar == nullptr) return invalid_argument("llama.cpp cannot read the grammar");
  if (constraint.trigger.empty()) gate.grammar_ = std::move(grammar);
  return gate;
}

bool GrammarGate::allows(llama_token token) const {
  llama_token_data one{token, 0.0F, 0.0F};
  llama_token_data_array array{&one, 1, -1, false};
  llama_sampler_apply(grammar_.get(), &array);
  return std::isfinite(one.logit);
}

void GrammarGate::accept(llama_token token, const std::string& piece) {
  if (constraint_.gbnf.empty()) return;
  if (!active()) {
    watch_for_trigger(token, piece);
    return;
  }
  llama_sampler_accept(grammar_.get(), token);
  leave_when_complete();
}

// A trigger may begin and end inside tokens. llama.cpp's lazy sampler feeds the grammar from the trigger's first byte;
// it is given only the last few tokens, so its search stays short.
void GrammarGate::watch_for_trigger(llama_token token, const std::string& piece) {
  recent_.push_back({token, piece});
  std::string tail;
  for (const Recent& recent : recent_) tail += recent.piece;
  if (tail.find(constraint_.trigger) != std::string::npos) {
    const char* pattern = constraint_.trigger.c_str();
    grammar_.reset(
        llama_sampler_init_grammar_lazy_patterns(vocab_, constraint_.gbnf.c_str(), "root", &pattern, 1, nullptr, 0));
    try {
      for (const Recent& recent : recent_) llama_sampler_accept(grammar_.get(), recent.token);
    } catch (const std::exception&) {
      // The token that completed the trigger goes on with something the grammar cannot begin with: not a tag.
      grammar_.reset();
    }
    recent_.clear();
    if (active()) leave_when_complete();
    return;
  }
  while (!recent_.empty() && tail.size() - recent_.front().piece.size() >= constraint_.trigger.size()) {
    tail.erase(0, recent_.front().piece.size());
    recent_.erase(recent_.begin());
  }
}

void GrammarGate::leave_when_complete() {
  if (!constraint_.trigger.empty() && allows(llama_vocab_eos(vocab_))) grammar_.reset();
}

TokenSampler::TokenSampler(const llama_model* model, const Sampling& sampling, std::uint64_t seed, GrammarGate gate)
    : vocab_(llama_model_get_vocab(model)), chain_(make_chain(model, sampling, seed)), gate_(std::move(gate)) {}

void TokenSampler::gather(const float* logits, float margin) {
  const std::span<const float> all(logits, static_cast<std::size_t>(llama_vocab_n_tokens(vocab_)));
  const float floor = *std::ranges::max_element(all) - margin;
  candidates_.clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] >= floor) candidates_.push_back({static_cast<llama_token>(i), all[i], 0.0F});
  }
  if (std::isfinite(margin) && candidates_.size() > kMostCandidates) {
    const auto better = [](const llama_token_data& a, const llama_token_data& b) { return a.logit > b.logit; };
    std::nth_element(candidates_.begin(), candidates_.begin() + kMostCandidates, candidates_.end(), better);
    candidates_.resize(kMostCandidates);
  }
}

llama_token TokenSampler::draw(bool with_grammar) {
  drawn_ = candidates_;
  llama_token_data_array array{drawn_.data(), drawn_.size(), -1, false};
  if (with_grammar) {
    gate_.apply(array);
    const auto forbidden = [](const llama_token_data& c) { return !std::isfinite(c.logit); };
    array.size = static_cast<std::size_t>(std::remove_if(drawn_.begin(), drawn_.end(), forbidden) - drawn_.begin());
    if (array.size == 0) return LLAMA_TOKEN_NULL;
  }
  llama_sampler_apply(chain_.get(), &array);
  return array.data[array.selected].id;
}

llama_token TokenSampler::next(llama_context* context) {
  const float* logits = llama_get_logits_ith(context, -1);
  gather(logits, kMargin);
  // Most tokens fit the grammar anyway, and asking about one is far cheaper than asking about all.
  llama_token token = draw(false);
  if (gate_.active() && !gate_.allows(token)) token = draw(true);
  if (token == LLAMA_TOKEN_NULL) {
    gather(logits, kEverything);
    token = draw(true);
  }
  if (token == LLAMA_TOKEN_NULL) return llama_vocab_eos(vocab_);
  llama_sampler_accept(chain_.get(), token);
  gate_.accept(token, piece_of(vocab_, token));
  return token;
}

}  // namespace llmi::lm
