#pragma once

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "train/policy.h"
#include "train/torch/policy_options.h"

namespace llmi::train {

/// A policy whose tensors are LibTorch's: decoders of architecture llama, qwen2 and qwen3.
class TorchPolicy : public Policy {
 public:
  /// The learnt LoRA as PEFT loads it, into `folder`. Errors: kInvalidArgument where all weights are learnt.
  [[nodiscard]] virtual Result<void> export_peft(const std::filesystem::path& folder) const = 0;
  /// The whole model as one GGUF file in float32. Errors: kInvalidArgument where the base is no GGUF file.
  [[nodiscard]] virtual Result<void> export_merged(const std::filesystem::path& file) const = 0;
};

/// Errors: kInvalidArgument for options that make no sense; kNotFound, kUnreadable for the model.
[[nodiscard]] Result<std::unique_ptr<TorchPolicy>> open_torch_policy(const PolicyOptions& options);

}  // namespace llmi::train
