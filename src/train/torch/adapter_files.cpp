#include "train/torch/adapter_files.h"

#include <gguf.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "base/file.h"
#include "train/torch/gguf_writer.h"
#include "train/torch/rope_order.h"
#include "train/torch/safetensors.h"

namespace llmi::train {
namespace {

/// B's rows in the order of the base's rows in GGUF.
at::Tensor gguf_rows(const Adapter& adapter, const ModelShape& shape) {
  if (shape.architecture != Architecture::kLlama) return adapter.b->value;
  if (adapter.matrix == Matrix::kQuery) return neighbours_from_halves(adapter.b->value, shape.heads);
  if (adapter.matrix == Matrix::kKey) return neighbours_from_halves(adapter.b->value, shape.kv_heads);
  return adapter.b->value;
}

}  // namespace

Result<void> write_gguf_adapter(const AdapterSet& set, const std::filesystem::path& file) {
  GgufWriter writer(2 * set.adapters.size());
  gguf_set_val_str(writer.file(), "general.architecture", name(set.shape.architecture));
  gguf_set_val_str(writer.file(), "general.type", "adapter");
  gguf_set_val_str(writer.file(), "adapter.type", "lora");
  gguf_set_val_f32(writer.file(), "adapter.lora.alpha", static_cast<float>(set.alpha));
  for (const Adapter& adapter : set.adapters) {
    writer.add(adapter.a->name, adapter.a->value);
    writer.add(adapter.b->name, gguf_rows(adapter, set.shape));
  }
  return writer.write(file);
}

Result<void> write_peft_adapter(const AdapterSet& set, const std::string& base, const std::filesystem::path& folder) {
  TensorFile file;
  file.notes["format"] = "pt";
  std::set<std::string> modules;
  for (const Adapter& adapter : set.adapters) {
    const std::string prefix = "base_model.model." + hub_name(adapter.matrix, adapter.layer);
    file.tensors[prefix + ".lora_A.weight"] = adapter.a->value;
    file.tensors[prefix + ".lora_B.weight"] = adapter.b->value;
    modules.insert(module_name(adapter.matrix));
  }
  const nlohmann::json config = {{"peft_type", "LORA"},
                                 {"task_type", "CAUSAL_LM"},
                                 {"base_model_name_or_path", base},
                                 {"r", set.adapters.front().a->value.size(0)},
                                 {"lora_alpha", set.alpha},
                                 {"lora_dropout", 0.0},
                                 {"bias", "none"},
                                 {"target_modules", modules}};
  LLMI_CHECK_OK(write_safetensors(folder / "adapter_model.safetensors", file));
  return write_file(folder / "adapter_config.json", config.dump(2) + "\n");
}

}  // namespace llmi::train
