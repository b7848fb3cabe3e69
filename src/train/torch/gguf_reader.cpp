#include "train/torch/gguf_reader.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <ggml.h>
#include <gguf.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "train/torch/rope_order.h"

namespace llmi::train {
namespace {

struct Free {
  void operator()(gguf_context* file) const { gguf_free(file); }
  void operator()(ggml_context* tensors) const { ggml_free(tensors); }
};

std::unexpected<Error> unreadable(const std::string& message) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, message);
}

class GgufSource : public WeightSource {
 public:
  static Result<std::unique_ptr<WeightSource>> open(const std::filesystem::path& path) {
    auto source = std::unique_ptr<GgufSource>(new GgufSource);
    ggml_context* tensors = nullptr;
    source->file_.reset(gguf_init_from_file(path.c_str(), {.no_alloc = false, .ctx = &tensors}));
    source->tensors_.reset(tensors);
    if (source->file_ == nullptr) return unreadable(fmt::format("{} is not a whole GGUF file", path.string()));
    LLMI_TRY(source->shape_, source->read_shape());
    return source;
  }

  Result<ModelShape> shape() const override { return shape_; }

  Result<at::Tensor> read(const std::string& name) const override {
    const ggml_tensor* tensor = ggml_get_tensor(tensors_.get(), name.c_str());
    if (tensor == nullptr) return at::Tensor();
    std::vector<std::int64_t> sizes(tensor->ne, tensor->ne + ggml_n_dims(tensor));
    std::ranges::reverse(sizes);
    at::Tensor values = at::empty(sizes, at::kFloat);
    if (tensor->type == GGML_TYPE_F32) {
      std::copy_n(static_cast<const float*>(tensor->data), values.numel(), values.data_ptr<float>());
    } else {
      const ggml_to_float_t to_float = ggml_get_type_traits(tensor->type)->to_float;
      if (to_float == nullptr)
        return unreadable(fmt::format("{} is of type {}, which has no floats", name, ggml_type_name(tensor->type)));
      to_float(tensor->data, values.data_ptr<float>(), values.numel());
    }
    return in_halves(name, values);
  }

  std::string matrix_name(Matrix matrix, std::int64_t layer) const override { return gguf_name(matrix, layer); }
  std::string norm_name(const char* norm, std::int64_t layer) const override {
    static constexpr std::array<std::pair<std::string_view, const char*>, 4> kNames = {{{"attention_norm", "attn_norm"},
                                                                                        {"feed_norm", "ffn_norm"},
                                                                                        {"query_norm", "attn_q_norm"},
                                                                                        {"key_norm", "attn_k_norm"}}};
    const auto* found =
        std::ranges::find(kNames, std::string_view(norm), &std::pair<std::string_view, const char*>::first);
    return fmt::format("blk.{}.{}.weight", layer, found->second);
  }
  std::string model_name(const char* part) const override {
    return fmt::format("{}.weight", std::string_view(part) == "embedding" ? "token_embd" : part);
  }

 private:
  GgufSource() = default;

  [[nodiscard]] at::Tensor in_halves(const std::string& name, const at::Tensor& values) const {
    if (shape_.architecture != Architecture::kLlama) return values;
    if (name.find(".attn_q.") != std::string::npos) return halves_from_neighbours(values, shape_.heads);
    if (name.find(".attn_k.") != std::string::npos) return halves_from_neighbours(values, shape_.kv_heads);
    return values;
  }

  [[nodiscard]] std::string text(const std::string& key) const {
    const std::int64_t id = gguf_find_key(file_.get(), key.c_str());
    return id >= 0 && gguf_get_kv_type(file_.get(), id) == GGUF_TYPE_STRING ? gguf_get_val_str(file_.get(), id) : "";
  }

  /// A number of whatever type; `otherwise` where the key is missing.
  [[nodiscard]] double number(const std::string& key, double otherwise) const {
    const std::int64_t id = gguf_find_key(file_.get(), key.c_str());
    if (id < 0) return otherwise;
    switch (gguf_get_kv_type(file_.get(), id)) {
      case GGUF_TYPE_UINT32:
        return gguf_get_val_u32(file_.get(), id);
      case GGUF_TYPE_INT32:
        return gguf_get_val_i32(file_.get(), id);
      case GGUF_TYPE_UINT64:
        return static_cast<double>(gguf_get_val_u64(file_.get(), id));
      case GGUF_TYPE_FLOAT32:
        return gguf_get_val_f32(file_.get(), id);
      default:
        return otherwise;
    }
  }

  Result<ModelShape> read_shape() const {
    ModelShape shape;
    const std::string architecture = text("general.architecture");
    bool known = false;
    for (const Architecture each : {Architecture::kLlama, Architecture::kQwen2, Architecture::kQwen3})
      if (architecture == name(each)) {
        shape.architecture = each;
        known = true;
      }
    if (!known) return unreadable(fmt::format("the trainer knows llama, qwen2 and qwen3, not '{}'", architecture));
    LLMI_CHECK_OK(refuse_unknown_features(architecture));
    const auto size = [&](const char* key, std::int64_t otherwise = 0) {
      return static_cast<std::int64_t>(number(architecture + "." + key, static_cast<double>(otherwise)));
    };
    shape.layers = size("block_count");
    shape.width = size("embedding_length");
    shape.heads = size("attention.head_count");
    shape.kv_heads = size("attention.head_count_kv", shape.heads);
    shape.head_size = size("attention.key_length", shape.heads > 0 ? shape.width / shape.heads : 0);
    shape.feed_width = size("feed_forward_length");
    shape.context = size("context_length");
    shape.norm_epsilon = number(architecture + ".attention.layer_norm_rms_epsilon", shape.norm_epsilon);
    shape.rope_base = number(architecture + ".rope.freq_base", shape.rope_base);
    if (const ggml_tensor* embedding = ggml_get_tensor(tensors_.get(), "token_embd.weight"); embedding != nullptr)
      shape.vocabulary = embedding->ne[1];
    if (size("rope.dimension_count", shape.head_size) != shape.head_size)
      return unreadable("the model turns only a part of each head, which the trainer does not know");
    return shape;
  }

  Result<void> refuse_unknown_features(const std::string& architecture) const {
    const std::string scaling = text(architecture + ".rope.scaling.type");
    if ((!scaling.empty() && scaling != "none") || ggml_get_tensor(tensors_.get(), "rope_freqs.weight") != nullptr)
      return unreadable("the model scales its rotary frequencies, which the trainer does not know");
    if (number(architecture + ".expert_count", 0) > 0)
      return unreadable("the model is a mixture of experts, which the trainer does not know");
    return {};
  }

  std::unique_ptr<gguf_context, Free> file_;
  std::unique_ptr<ggml_context, Free> tensors_;
  ModelShape shape_;
};

}  // namespace

Result<std::unique_ptr<WeightSource>> open_gguf(const std::filesystem::path& path) { return GgufSource::open(path); }

}  // namespace llmi::train
