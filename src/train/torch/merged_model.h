#pragma once

#include <filesystem>

#include "base/error.h"
#include "train/torch/decoder.h"

namespace llmi::train {

/// The base GGUF's settings and tokenizer with the learnt weights, everything as float32: a model that llama.cpp loads
/// and `llama-quantize` makes small. `scale`: alpha / rank of the adapters. Errors: see read_weights() and
/// GgufWriter::write(); kInvalidArgument where the base is no GGUF file, for it has no tokenizer in GGUF's form.
[[nodiscard]] Result<void> write_merged_gguf(const std::filesystem::path& base, const Decoder& decoder, double scale,
                                             const std::filesystem::path& file);

}  // namespace llmi::train
