#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "lm/llama/llama_model.h"

struct ggml_threadpool;
struct llama_adapter_lora;
struct llama_context;
struct llama_model;
struct llama_vocab;

namespace llmi::lm {

using Token = std::int32_t;

/// Weights, adapters and one context of a GGUF file, ready to run. Owner of all of them. The context may be used by one
/// thread at a time; everything const is thread-safe.
class LoadedModel {
 public:
  /// Errors: see open_llama().
  [[nodiscard]] static Result<LoadedModel> load(const LlamaOptions& options);
  LoadedModel(LoadedModel&&) noexcept;
  LoadedModel& operator=(LoadedModel&&) noexcept;
  ~LoadedModel();

  [[nodiscard]] llama_context* context() const { return context_.get(); }
  [[nodiscard]] llama_model* model() const { return model_.get(); }
  [[nodiscard]] const llama_vocab* vocabulary() const { return vocabulary_; }
  /// Tokens that the context's memory holds, over all sequences.
  [[nodiscard]] std::uint32_t context_tokens() const;
  [[nodiscard]] std::uint64_t parameters() const;

  /// The text as tokens. With `special`, names of control tokens in it become those tokens and the vocabulary's own
  /// start token is put in front where it has one.
  [[nodiscard]] std::vector<Token> tokenize(std::string_view text, bool special) const;
  /// The bytes a token stands for; empty for control tokens.
  [[nodiscard]] std::string piece(Token token) const;

 private:
  struct Free {
    void operator()(llama_model* model) const;
    void operator()(llama_context* context) const;
    void operator()(ggml_threadpool* pool) const;
  };
  LoadedModel();
  Result<void> load_weights(const LlamaOptions& options);
  Result<void> load_adapters(const LlamaOptions& options);
  Result<void> make_context(const LlamaOptions& options);

  std::unique_ptr<llama_model, Free> model_;
  const llama_vocab* vocabulary_ = nullptr;
  std::unique_ptr<ggml_threadpool, Free> threads_;
  std::unique_ptr<llama_context, Free> context_;
  std::vector<llama_adapter_lora*> adapters_;  // owned by the model
};

}  // namespace llmi::lm
