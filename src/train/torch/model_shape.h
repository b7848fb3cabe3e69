#pragma once

#include <cstdint>
#include <string>

namespace llmi::train {

/// Families of dense decoders that differ in what this table of flags says; `general.architecture` of GGUF,
/// `model_type` of config.json.
enum class Architecture : std::uint8_t { kLlama, kQwen2, kQwen3 };

/// The name that GGUF and config.json both use: "llama", "qwen2", "qwen3".
[[nodiscard]] const char* name(Architecture architecture);

/// Sizes of a decoder: normalise, attend, add; normalise, gated feed-forward, add.
struct ModelShape {
  Architecture architecture = Architecture::kLlama;
  std::int64_t layers = 0;
  std::int64_t width = 0;       ///< Of the residual stream.
  std::int64_t heads = 0;       ///< Of queries.
  std::int64_t kv_heads = 0;    ///< Of keys and values; divides heads.
  std::int64_t head_size = 0;   ///< Even.
  std::int64_t feed_width = 0;  ///< Inside the feed-forward part.
  std::int64_t vocabulary = 0;
  std::int64_t context = 0;  ///< Longest sequence, in tokens.
  double norm_epsilon = 1e-5;
  double rope_base = 10000;

  /// Empty where the sizes fit each other, otherwise what is wrong.
  [[nodiscard]] std::string problem() const;
};

}  // namespace llmi::train
