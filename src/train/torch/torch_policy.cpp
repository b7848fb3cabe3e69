#include "train/torch/torch_policy.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <utility>

#include "train/torch/adapter_files.h"
#include "train/torch/blas_kernels.h"
#include "train/torch/decoder.h"
#include "train/torch/merged_model.h"
#include "train/torch/policy_state.h"

namespace llmi::train {
namespace {

class Implementation : public TorchPolicy {
 public:
  Implementation(const ModelWeights& weights, PolicyOptions options)
      : options_(std::move(options)), decoder_(weights, options_) {}

  Result<TokenScores> score(std::span<const TokenSequence> batch) override {
    LLMI_TRY(const PackedBatch packed, pack(batch, decoder_.shape()));
    return decoder_.score(packed);
  }

  Result<TokenScores> accumulate(std::span<const TokenSequence> batch, const LossSlopes& slopes) override {
    LLMI_TRY(const PackedBatch packed, pack(batch, decoder_.shape()));
    return decoder_.accumulate(packed, slopes);
  }

  Result<UpdateReport> update(double learning_rate, double max_norm) override {
    if (!(learning_rate >= 0) || !(max_norm > 0))
      return invalid_argument("the learning rate must be at least 0 and the largest gradient above 0");
    const double norm = gradient_norm(decoder_.trained());
    const bool finite = std::isfinite(norm);
    if (finite) {
      adamw_step(decoder_.trained(), {.weight_decay = options_.weight_decay}, ++steps_, learning_rate,
                 norm > max_norm ? max_norm / norm : 1);
      decoder_.refresh();
    }
    for (const TrainedWeightPtr& weight : decoder_.trained()) weight->gradient.zero_();
    return UpdateReport{.gradient_norm = norm, .applied = finite};
  }

  Result<void> save(const std::filesystem::path& folder) const override {
    return save_state({.weights = decoder_.trained(), .steps = steps_}, folder);
  }

  Result<void> load(const std::filesystem::path& folder) override {
    LLMI_TRY(steps_, load_state(decoder_.trained(), folder));
    decoder_.refresh();
    return {};
  }

  Result<void> export_adapter(const std::filesystem::path& file) const override {
    LLMI_CHECK_OK(require_adapters());
    return write_gguf_adapter(adapters(), file);
  }

  Result<void> export_peft(const std::filesystem::path& folder) const override {
    LLMI_CHECK_OK(require_adapters());
    return write_peft_adapter(adapters(), options_.model.string(), folder);
  }

  Result<void> export_merged(const std::filesystem::path& file) const override {
    const double scale = options_.lora ? options_.lora->alpha / static_cast<double>(options_.lora->rank) : 0;
    return write_merged_gguf(options_.model, decoder_, scale, file);
  }

 private:
  [[nodiscard]] Result<void> require_adapters() const {
    if (decoder_.adapters().empty()) return invalid_argument("all weights are learnt, so there is no adapter to write");
    return {};
  }
  [[nodiscard]] AdapterSet adapters() const {
    return {.shape = decoder_.shape(), .adapters = decoder_.adapters(), .alpha = options_.lora->alpha};
  }

  PolicyOptions options_;
  Decoder decoder_;
  std::int64_t steps_ = 0;
};

Result<void> check(const PolicyOptions& options) {
  if (options.lora && options.lora->rank < 1) return invalid_argument("the rank of LoRA must be at least 1");
  if (options.lora && options.lora->matrices.empty()) return invalid_argument("LoRA needs at least one matrix");
  if (!(options.weight_decay >= 0)) return invalid_argument("the weight decay must be at least 0");
  if (options.threads < 0) return invalid_argument("the number of threads must be at least 0");
  return {};
}

}  // namespace

Result<std::unique_ptr<TorchPolicy>> open_torch_policy(const PolicyOptions& options) {
  LLMI_CHECK_OK(check(options));
  LLMI_TRY(const ModelWeights weights, read_weights(options.model));
  if (options.threads > 0) at::set_num_threads(options.threads);
  prepare_blas(options.threads);
  return std::make_unique<Implementation>(weights, options);
}

}  // namespace llmi::train
