#include "lm/llama/offload.h"

#include <fit.h>

#include "lm/llama/accelerators.h"

namespace llmi::lm {
namespace {

// What the driver and other programs need, and what the estimate may be wrong by.
constexpr std::size_t kMargin = std::size_t{1} << 30;

}  // namespace

Offload::Offload(const std::filesystem::path& model, llama_context_params context, std::size_t spared)
    : params_(llama_model_default_params()),
      split_(llama_max_devices()),
      overrides_(llama_max_tensor_buft_overrides()) {
  // Not with the fitting: it changes only what has its default value.
  if (!llama_supports_gpu_offload() || accelerators().empty()) {
    params_.n_gpu_layers = 0;
  } else {
    std::vector<std::size_t> margins(llama_max_devices(), kMargin + spared);
    const auto status = common_fit_params(model.c_str(), &params_, &context, split_.data(), overrides_.data(),
                                          margins.data(), context.n_ctx, nullptr, GGML_LOG_LEVEL_ERROR);
    if (status != COMMON_PARAMS_FIT_STATUS_SUCCESS) {
      params_ = llama_model_default_params();
      params_.n_gpu_layers = 0;
    }
  }
  params_.load_mode = LLAMA_LOAD_MODE_MMAP;
}

}  // namespace llmi::lm
