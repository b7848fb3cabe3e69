#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

struct llama_context_params;
struct llama_model_params;

namespace llmi::lm {

/// How a model is spread over the accelerators that the engine was built for: as many layers as their free memory
/// takes, the rest on the processor. Without an accelerator: everything on the processor.
class Offload {
 public:
  /// Reads the model's header and asks the devices. `context` is what the model will be used with; `spared` bytes are
  /// left free on each device besides a margin (a picture encoder, say). Not thread-safe with other loads.
  Offload(const std::filesystem::path& model, const llama_context_params& context, std::size_t spared);
  Offload(const Offload&) = delete;
  Offload& operator=(const Offload&) = delete;
  ~Offload();

  /// Valid while this lives.
  [[nodiscard]] const llama_model_params& params() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace llmi::lm
