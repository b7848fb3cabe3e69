#include <fmt/format.h>
#include <llama.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "lm/llama/chat_prompt.h"
#include "lm/llama/loaded_model.h"
#include "train/rollout/sampler.h"

namespace llmi::train {
namespace {

using lm::ChatPrompt;
using lm::LoadedModel;

struct FreeAdapter {
  void operator()(llama_adapter_lora* adapter) const { llama_adapter_lora_free(adapter); }
};
struct FreeBatch {
  void operator()(llama_batch* batch) const {
    llama_batch_free(*batch);
    delete batch;
  }
};

/// The distribution after a token, normalised in double.
class Distribution {
 public:
  explicit Distribution(std::span<const float> logits) : logits_(logits) {
    top_ = *std::ranges::max_element(logits);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - top_);
    log_sum_ = std::log(sum);
  }
  [[nodiscard]] double log_prob(std::int32_t token) const {
    return logits_[static_cast<std::size_t>(token)] - top_ - log_sum_;
  }
  /// The token at which the sum of probabilities passes `unit`, in [0, 1).
  [[nodiscard]] std::int32_t at(double unit) const {
    double sum = 0;
    for (std::size_t i = 0; i < logits_.size(); ++i) {
      sum += std::exp(logits_[i] - top_ - log_sum_);
      if (sum > unit) return static_cast<std::int32_t>(i);
    }
    // Rounding left the sum below 1.
    return static_cast<std::int32_t>(std::ranges::max_element(logits_) - logits_.begin());
  }

 private:
  std::span<const float> logits_;
  double top_ = 0;
  double log_sum_ = 0;
};

class LlamaSampler final : public Sampler {
 public:
  LlamaSampler(LoadedModel loaded, ChatPrompt chat, std::uint32_t completions)
      : loaded_(std::move(loaded)),
        chat_(std::move(chat)),
        words_(static_cast<std::size_t>(llama_vocab_n_tokens(loaded_.vocabulary()))),
        completions_(completions),
        batch_(new llama_batch(llama_batch_init(static_cast<std::int32_t>(batch_size()), 0, 1))) {}
  ~LlamaSampler() override {
    // The context must not point to an adapter that is gone.
    llama_set_adapters_lora(loaded_.context(), nullptr, 0, nullptr);
  }

  Result<std::vector<std::int32_t>> prompt(std::string_view system, std::string_view user) override {
    std::vector<lm::Message> messages;
    if (!system.empty()) messages.push_back({"system", std::string(system), {}});
    messages.push_back({"user", std::string(user), {}});
    LLMI_TRY(const std::string text, chat_.render(messages, ""));
    return loaded_.tokenize(text, true);
  }

  Result<std::vector<std::int32_t>> answer(std::string_view text) override {
    std::vector<std::int32_t> tokens = loaded_.tokenize(text, false);
    // Of a chat model this is the token that ends a turn; its end of a turn may be another one's, that of whole texts.
    tokens.push_back(llama_vocab_eos(loaded_.vocabulary()));
    return tokens;
  }

  Result<std::vector<Rollout>> sample(const RunContext& context, std::span<const std::int32_t> prompt,
                                      std::size_t count, std::size_t most_tokens) override {
    if (prompt.empty() || count == 0 || count > completions_ ||
        prompt.size() + count * most_tokens > loaded_.context_tokens())
      return invalid_argument(fmt::format("{} completions of {} tokens after a prompt of {} do not fit into {} tokens",
                                          count, most_tokens, prompt.size(), loaded_.context_tokens()));
    LLMI_CHECK_OK(read(prompt));
    std::vector<Writer> writers(count);
    for (std::size_t i = 0; i < count; ++i) {
      writers[i].random = Random(derived_seed(context.seed, i));
      if (i > 0) llama_memory_seq_cp(memory(), 0, static_cast<llama_seq_id>(i), -1, -1);
      writers[i].logits = last_logits_;
    }
    for (std::size_t step = 0; step < most_tokens && draw(writers); ++step) {
      LLMI_CHECK_OK(context.check());
      if (step + 1 < most_tokens) LLMI_CHECK_OK(advance(writers, prompt.size() + step));
    }
    std::vector<Rollout> rollouts;
    for (Writer& writer : writers) rollouts.push_back(std::move(writer.rollout));
    return rollouts;
  }

  Result<void> use_adapter(const std::filesystem::path& file) override {
    std::unique_ptr<llama_adapter_lora, FreeAdapter> adapter(llama_adapter_lora_init(loaded_.model(), file.c_str()));
    if (adapter == nullptr)
      return fail(ErrorCode::kUnreadable, Origin::kCaller,
                  fmt::format("{} is no adapter of this model", file.string()));
    llama_adapter_lora* one = adapter.get();
    float scale = 1;
    if (llama_set_adapters_lora(loaded_.context(), &one, 1, &scale) != 0)
      return internal_error("the adapter was loaded but could not be switched on");
    adapter_ = std::move(adapter);
    return {};
  }

 private:
  struct Writer {
    Random random{0};
    Rollout rollout;
    std::vector<float> logits;  ///< After its last token.
    bool done = false;
  };

  [[nodiscard]] llama_memory_t memory() const { return llama_get_memory(loaded_.context()); }
  [[nodiscard]] std::uint32_t batch_size() const { return llama_n_batch(loaded_.context()); }

  void add(std::int32_t token, std::size_t position, std::size_t sequence, bool wanted) {
    const std::int32_t i = batch_->n_tokens++;
    batch_->token[i] = token;
    batch_->pos[i] = static_cast<llama_pos>(position);
    batch_->n_seq_id[i] = 1;
    batch_->seq_id[i][0] = static_cast<llama_seq_id>(sequence);
    batch_->logits[i] = wanted ? 1 : 0;
  }

  Result<void> decode() {
    const int status = llama_decode(loaded_.context(), *batch_);
    batch_->n_tokens = 0;
    if (status != 0) return internal_error(fmt::format("llama.cpp failed to decode (status {})", status));
    return {};
  }

  std::vector<float> logits(std::int32_t place) const {
    const float* first = llama_get_logits_ith(loaded_.context(), place);
    return {first, first + words_};
  }

  Result<void> read(std::span<const std::int32_t> prompt) {
    llama_memory_clear(memory(), true);
    for (std::size_t begin = 0; begin < prompt.size(); begin += batch_size()) {
      const std::size_t end = std::min<std::size_t>(prompt.size(), begin + batch_size());
      for (std::size_t i = begin; i < end; ++i) add(prompt[i], i, 0, i + 1 == prompt.size());
      LLMI_CHECK_OK(decode());
    }
    last_logits_ = logits(-1);
    return {};
  }

  /// A token for each writer that is not done. False: all are.
  bool draw(std::vector<Writer>& writers) const {
    bool any = false;
    for (Writer& writer : writers) {
      if (writer.done) continue;
      const Distribution distribution(writer.logits);
      const std::int32_t token = distribution.at(writer.random.unit());
      writer.rollout.tokens.push_back(token);
      writer.rollout.log_probs.push_back(distribution.log_prob(token));
      if (llama_vocab_is_eog(loaded_.vocabulary(), token)) {
        writer.done = writer.rollout.finished = true;
      } else {
        writer.rollout.text += loaded_.piece(token);
        any = true;
      }
    }
    return any;
  }

  Result<void> advance(std::vector<Writer>& writers, std::size_t position) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < writers.size(); ++i) {
      if (writers[i].done) continue;
      add(writers[i].rollout.tokens.back(), position, i, true);
      places.push_back(i);
    }
    LLMI_CHECK_OK(decode());
    for (std::size_t place = 0; place < places.size(); ++place)
      writers[places[place]].logits = logits(static_cast<std::int32_t>(place));
    return {};
  }

  LoadedModel loaded_;
  ChatPrompt chat_;
  std::size_t words_;
  std::uint32_t completions_;
  std::unique_ptr<llama_batch, FreeBatch> batch_;
  std::vector<float> last_logits_;
  std::unique_ptr<llama_adapter_lora, FreeAdapter> adapter_;
};

}  // namespace

Result<std::unique_ptr<Sampler>> open_llama_sampler(const SamplerOptions& options) {
  LLMI_TRY(LoadedModel loaded,
           LoadedModel::load({.path = options.model,
                              .context_tokens = options.prompt_tokens + options.completions * options.completion_tokens,
                              .max_parallel = options.completions}));
  LLMI_TRY(ChatPrompt chat, ChatPrompt::make(loaded.model()));
  return std::make_unique<LlamaSampler>(std::move(loaded), std::move(chat), options.completions);
}

}  // namespace llmi::train
