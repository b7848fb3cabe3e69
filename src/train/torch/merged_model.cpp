#include "train/torch/merged_model.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gguf.h>

#include <map>
#include <memory>
#include <string>
#include <system_error>

#include "train/torch/gguf_reader.h"
#include "train/torch/gguf_writer.h"
#include "train/torch/rope_order.h"

namespace llmi::train {
namespace {

/// Whole tensors that are learnt, and what adapters add to others, both by the tensor's name and in the trainer's
/// layout.
struct Learnt {
  std::map<std::string, at::Tensor> whole, added;
};

Learnt learnt(const Decoder& decoder, double scale) {
  Learnt learnt;
  for (const Adapter& adapter : decoder.adapters())
    learnt.added[gguf_name(adapter.matrix, adapter.layer) + ".weight"] =
        at::mm(adapter.b->value, adapter.a->value).mul_(scale);
  if (decoder.adapters().empty())
    for (const TrainedWeightPtr& weight : decoder.trained()) learnt.whole[weight->name] = weight->value;
  return learnt;
}

at::Tensor in_file_order(const std::string& tensor, const at::Tensor& values, const ModelShape& shape) {
  if (shape.architecture != Architecture::kLlama) return values;
  if (tensor.find(".attn_q.") != std::string::npos) return neighbours_from_halves(values, shape.heads);
  if (tensor.find(".attn_k.") != std::string::npos) return neighbours_from_halves(values, shape.kv_heads);
  return values;
}

}  // namespace

Result<void> write_merged_gguf(const std::filesystem::path& base, const Decoder& decoder, double scale,
                               const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(base, error))
    return invalid_argument(
        fmt::format("{} has no tokenizer in GGUF's form; merge into a GGUF file of it", base.string()));
  LLMI_TRY(const std::unique_ptr<WeightSource> source, open_gguf(base));
  const std::unique_ptr<gguf_context, decltype(&gguf_free)> settings(
      gguf_init_from_file(base.c_str(), {.no_alloc = true, .ctx = nullptr}), &gguf_free);
  if (settings == nullptr) return internal_error(fmt::format("{} changed while it was read", base.string()));
  const std::int64_t tensors = gguf_get_n_tensors(settings.get());
  GgufWriter writer(static_cast<std::size_t>(tensors));
  gguf_set_kv(writer.file(), settings.get());
  gguf_set_val_u32(writer.file(), "general.file_type", 0);  // all float32
  const Learnt changes = learnt(decoder, scale);
  for (std::int64_t i = 0; i < tensors; ++i) {
    const std::string name = gguf_get_tensor_name(settings.get(), i);
    LLMI_TRY(at::Tensor values, source->read(name));
    if (const auto whole = changes.whole.find(name); whole != changes.whole.end()) values = whole->second;
    if (const auto added = changes.added.find(name); added != changes.added.end()) values = values + added->second;
    writer.add(name, in_file_order(name, values, decoder.shape()));
  }
  return writer.write(file);
}

}  // namespace llmi::train
