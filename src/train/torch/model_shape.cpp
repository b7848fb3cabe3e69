#include "train/torch/model_shape.h"

namespace llmi::train {

const char* name(Architecture architecture) {
  switch (architecture) {
    case Architecture::kLlama:
      return "llama";
    case Architecture::kQwen2:
      return "qwen2";
    case Architecture::kQwen3:
      return "qwen3";
  }
  return "";
}

std::string ModelShape::problem() const {
  for (const std::int64_t size : {layers, width, heads, kv_heads, head_size, feed_width, vocabulary, context})
    if (size <= 0) return "a size of the model is missing or not positive";
  if (heads % kv_heads != 0) return "the query heads are no multiple of the key heads";
  if (head_size % 2 != 0) return "the size of a head is odd";
  return {};
}

}  // namespace llmi::train
