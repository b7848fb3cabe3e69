#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"

namespace llmi::train {

/// A completion as it was sampled.
struct Rollout {
  std::vector<std::int32_t> tokens;  ///< The token that ended it included.
  std::vector<double> log_probs;     ///< [tokens], natural, of the whole distribution at temperature 1.
  std::string text;                  ///< Without the token that ended it.
  bool finished = false;             ///< False: it ran into the limit.
};

/// What writes completions for a policy to learn from. One thread at a time.
class Sampler {
 public:
  virtual ~Sampler() = default;
  Sampler() = default;
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  /// The conversation in tokens, up to where the answer begins; `system` may be empty.
  [[nodiscard]] virtual Result<std::vector<std::int32_t>> prompt(std::string_view system, std::string_view user) = 0;
  /// An answer in tokens, with the one that ends it.
  [[nodiscard]] virtual Result<std::vector<std::int32_t>> answer(std::string_view text) = 0;

  /// `count` completions of `prompt`, each of at most `most_tokens`, drawn at temperature 1 from the whole
  /// distribution. The context's seed decides them. Errors: kInvalidArgument where they do not fit into the context's
  /// memory; kCancelled, kTimeout.
  [[nodiscard]] virtual Result<std::vector<Rollout>> sample(const RunContext& context,
                                                            std::span<const std::int32_t> prompt, std::size_t count,
                                                            std::size_t most_tokens) = 0;

  /// Samples from the base model with this GGUF adapter from now on, in place of the one before; the base is not read
  /// again. Errors: kNotFound, kUnreadable.
  [[nodiscard]] virtual Result<void> use_adapter(const std::filesystem::path& file) = 0;
};

struct SamplerOptions {
  std::filesystem::path model;
  std::uint32_t completions = 8;  ///< That are written at the same time.
  std::uint32_t prompt_tokens = 1024;
  std::uint32_t completion_tokens = 512;
};

/// llama.cpp in this process: the prompt is read once, and all completions share each step. Errors: see open_llama().
[[nodiscard]] Result<std::unique_ptr<Sampler>> open_llama_sampler(const SamplerOptions& options);

}  // namespace llmi::train
