#pragma once

#include <llama.h>

#include <cstddef>
#include <filesystem>
#include <vector>

namespace llmi::lm {

/// How a model is spread over the accelerators that the engine was built for: as many layers as their free memory
/// takes, the rest on the processor. Without an accelerator: everything on the processor.
class Offload {
 public:
  /// Reads the model's header and asks the devices. `context` is what the model will be used with; `spared` bytes are
  /// left free on each device besides a margin (a picture encoder, say). Not thread-safe with other loads.
  Offload(const std::filesystem::path& model, llama_context_params context, std::size_t spared);
  Offload(const Offload&) = delete;
  Offload& operator=(const Offload&) = delete;

  /// Valid while this lives.
  [[nodiscard]] const llama_model_params& params() const { return params_; }

 private:
  llama_model_params params_;
  std::vector<float> split_;
  std::vector<llama_model_tensor_buft_override> overrides_;
};

}  // namespace llmi::lm
