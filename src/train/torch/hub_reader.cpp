#include "train/torch/hub_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "train/torch/safetensors.h"

namespace llmi::train {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::unexpected<Error> unreadable(std::string message) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, std::move(message));
}

Result<void> refuse_unknown_features(const json& config) {
  const auto set = [&](const char* key) {
    return config.contains(key) && !config[key].is_null() && config[key] != false;
  };
  if (set("rope_scaling"))
    return unreadable("the model scales its rotary frequencies, which the trainer does not know");
  if (set("use_sliding_window"))
    return unreadable("the model attends in a sliding window, which the trainer does not know");
  if (config.value("hidden_act", "silu") != "silu") return unreadable("the trainer knows the activation silu only");
  return {};
}

Result<ModelShape> read_config(const fs::path& path) {
  LLMI_TRY(const std::string text, read_file(path));
  try {
    const json config = json::parse(text);
    LLMI_CHECK_OK(refuse_unknown_features(config));
    ModelShape shape;
    const std::string type = config.at("model_type");
    constexpr std::array kKnown = {Architecture::kLlama, Architecture::kQwen2, Architecture::kQwen3};
    const auto* found = std::ranges::find(kKnown, type, name);
    if (found == kKnown.end())
      return unreadable(fmt::format("the trainer knows llama, qwen2 and qwen3, not '{}'", type));
    shape.architecture = *found;
    shape.layers = config.at("num_hidden_layers");
    shape.width = config.at("hidden_size");
    shape.heads = config.at("num_attention_heads");
    shape.kv_heads = config.value("num_key_value_heads", shape.heads);
    shape.head_size = shape.heads > 0 ? shape.width / shape.heads : 0;
    if (config.contains("head_dim") && config["head_dim"].is_number()) shape.head_size = config["head_dim"];
    shape.feed_width = config.at("intermediate_size");
    shape.vocabulary = config.at("vocab_size");
    shape.context = config.at("max_position_embeddings");
    shape.norm_epsilon = config.at("rms_norm_eps");
    shape.rope_base = config.value("rope_theta", shape.rope_base);
    return shape;
  } catch (const json::exception& error) {
    return unreadable(fmt::format("{}: {}", path.string(), error.what()));
  }
}

class HubSource : public WeightSource {
 public:
  HubSource(ModelShape shape, std::map<std::string, at::Tensor> tensors)
      : shape_(shape), tensors_(std::move(tensors)) {}

  Result<ModelShape> shape() const override { return shape_; }
  Result<at::Tensor> read(const std::string& name) const override {
    const auto found = tensors_.find(name);
    return found != tensors_.end() ? found->second : at::Tensor();
  }
  std::string matrix_name(Matrix matrix, std::int64_t layer) const override { return hub_name(matrix, layer); }
  std::string norm_name(const char* norm, std::int64_t layer) const override {
    static constexpr std::array<std::pair<std::string_view, const char*>, 4> kNames = {
        {{"attention_norm", "input_layernorm"},
         {"feed_norm", "post_attention_layernorm"},
         {"query_norm", "self_attn.q_norm"},
         {"key_norm", "self_attn.k_norm"}}};
    const auto* found =
        std::ranges::find(kNames, std::string_view(norm), &std::pair<std::string_view, const char*>::first);
    return fmt::format("model.layers.{}.{}.weight", layer, found->second);
  }
  std::string model_name(const char* part) const override {
    if (std::string_view(part) == "embedding") return "model.embed_tokens.weight";
    return std::string_view(part) == "output" ? "lm_head.weight" : "model.norm.weight";
  }

 private:
  ModelShape shape_;
  std::map<std::string, at::Tensor> tensors_;
};

}  // namespace

Result<std::unique_ptr<WeightSource>> open_hub_folder(const fs::path& folder) {
  LLMI_TRY(const ModelShape shape, read_config(folder / "config.json"));
  std::map<std::string, at::Tensor> tensors;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".safetensors") continue;
    LLMI_TRY(TensorFile file, read_safetensors(entry.path()));
    tensors.merge(file.tensors);
  }
  if (tensors.empty()) return not_found(fmt::format("no safetensors files in {}", folder.string()));
  return std::make_unique<HubSource>(shape, std::move(tensors));
}

}  // namespace llmi::train
