#include "train/torch/testing_llama.h"

#include <llama.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <stdexcept>

#include "base/paths.h"
#include "base/random.h"

namespace llmi::train {
namespace {

double log_prob(std::span<const float> logits, std::int32_t token) {
  const double top = *std::ranges::max_element(logits);
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit - top);
  return logits[static_cast<std::size_t>(token)] - top - std::log(sum);
}

void append_log_probs(llama_context* context, std::size_t words, const TokenSequence& sequence,
                      std::vector<double>& all) {
  llama_memory_clear(llama_get_memory(context), true);
  const auto size = static_cast<std::int32_t>(sequence.tokens.size());
  llama_batch batch = llama_batch_init(size, 0, 1);
  batch.n_tokens = size;
  for (std::int32_t i = 0; i < size; ++i) {
    batch.token[i] = sequence.tokens[static_cast<std::size_t>(i)];
    batch.pos[i] = i;
    batch.n_seq_id[i] = 1;
    batch.seq_id[i][0] = 0;
    batch.logits[i] = 1;
  }
  const int status = llama_decode(context, batch);
  llama_batch_free(batch);
  if (status != 0) throw std::runtime_error("llama_decode failed");
  for (std::size_t i = sequence.prompt_tokens; i < sequence.tokens.size(); ++i)
    all.push_back(
        log_prob({llama_get_logits_ith(context, static_cast<std::int32_t>(i) - 1), words}, sequence.tokens[i]));
}

}  // namespace

std::filesystem::path tiny_models() {
  const char* path = std::getenv("LLMI_TEST_MODELS");
  if (path == nullptr) throw std::runtime_error("LLMI_TEST_MODELS is not set");
  return path;
}

std::filesystem::path small_model() { return dependencies_folder() / "smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"; }

std::vector<double> llama_log_probs(const std::filesystem::path& path, const std::filesystem::path& adapter,
                                    std::span<const TokenSequence> batch) {
  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  const std::unique_ptr<llama_model, decltype(&llama_model_free)> model(
      llama_model_load_from_file(path.c_str(), llama_model_default_params()), &llama_model_free);
  if (model == nullptr) throw std::runtime_error("llama.cpp does not load " + path.string());
  llama_context_params params = llama_context_default_params();
  params.n_ctx = params.n_batch = params.n_ubatch = 512;
  params.n_threads = params.n_threads_batch = 1;  // its threads spin, which on a busy machine takes minutes
  params.type_k = params.type_v = GGML_TYPE_F32;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  const std::unique_ptr<llama_context, decltype(&llama_free)> context(llama_init_from_model(model.get(), params),
                                                                      &llama_free);
  if (!adapter.empty()) {
    llama_adapter_lora* lora = llama_adapter_lora_init(model.get(), adapter.c_str());
    float scale = 1;
    if (lora == nullptr || llama_set_adapters_lora(context.get(), &lora, 1, &scale) != 0)
      throw std::runtime_error("llama.cpp does not load " + adapter.string());
  }
  const int words = llama_vocab_n_tokens(llama_model_get_vocab(model.get()));
  std::vector<double> all;
  for (const TokenSequence& sequence : batch)
    append_log_probs(context.get(), static_cast<std::size_t>(words), sequence, all);
  return all;
}

std::vector<TokenSequence> random_sequences(std::span<const std::size_t> lengths, std::int32_t vocabulary,
                                            std::uint64_t seed) {
  Random random(seed);
  std::vector<TokenSequence> sequences;
  for (const std::size_t length : lengths) {
    TokenSequence sequence{.tokens = {}, .prompt_tokens = std::max<std::size_t>(1, length / 3)};
    while (sequence.tokens.size() < length)
      sequence.tokens.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(vocabulary))));
    sequences.push_back(std::move(sequence));
  }
  return sequences;
}

double largest_difference(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    largest = difference <= largest ? largest : difference;
  }
  return largest;
}

}  // namespace llmi::train
