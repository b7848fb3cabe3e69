#include "lm/llama/offload.h"

#include <fit.h>
#include <llama.h>

#include <vector>

#include "lm/llama/accelerators.h"

namespace llmi::lm {
namespace {

// What the driver and other programs need, and what the estimate may be wrong by.
constexpr std::size_t kMargin = std::size_t{1} << 30;

}  // namespace

/// The parameters, and what they point to.
struct Offload::Parts {
  llama_model_params params = llama_model_default_params();
  std::vector<float> split = std::vector<float>(llama_max_devices());
  std::vector<llama_model_tensor_buft_override> overrides =
      std::vector<llama_model_tensor_buft_override>(llama_max_tensor_buft_overrides());

  /// False where nothing fits.
  bool fit(const std::filesystem::path& model, llama_context_params context, std::size_t spared) {
    std::vector<std::size_t> margins(llama_max_devices(), kMargin + spared);
    const auto status = common_fit_params(model.c_str(), &params, &context, split.data(), overrides.data(),
                                          margins.data(), context.n_ctx, nullptr, GGML_LOG_LEVEL_ERROR);
    return status == COMMON_PARAMS_FIT_STATUS_SUCCESS;
  }
};

Offload::Offload(const std::filesystem::path& model, const llama_context_params& context, std::size_t spared)
    : parts_(std::make_unique<Parts>()) {
  const bool possible = llama_supports_gpu_offload() && !accelerators().empty();
  if (!possible || !parts_->fit(model, context, spared)) {
    *parts_ = {};
    parts_->params.n_gpu_layers = 0;
  }
  parts_->params.load_mode = LLAMA_LOAD_MODE_MMAP;
}

Offload::~Offload() = default;

const llama_model_params& Offload::params() const { return parts_->params; }

}  // namespace llmi::lm
