#pragma once

#include <filesystem>
#include <vector>

#include "base/error.h"
#include "train/torch/decoder.h"

namespace llmi::train {

/// What a file of adapters is made of. The adapters are of one rank and not empty.
struct AdapterSet {
  const ModelShape& shape;
  const std::vector<Adapter>& adapters;
  double alpha;
};

/// A GGUF adapter as llama.cpp loads it. Errors: see GgufWriter::write().
[[nodiscard]] Result<void> write_gguf_adapter(const AdapterSet& set, const std::filesystem::path& file);

/// adapter_model.safetensors and adapter_config.json as PEFT loads them, into `folder`, which is made where it is
/// missing. `base`: the model's name in the configuration. Errors: see write_file().
[[nodiscard]] Result<void> write_peft_adapter(const AdapterSet& set, const std::string& base,
                                              const std::filesystem::path& folder);

}  // namespace llmi::train
