#include "train/torch/model_weights.h"

#include <fmt/format.h>

#include <memory>
#include <system_error>

#include "train/torch/gguf_reader.h"
#include "train/torch/hub_reader.h"
#include "train/torch/weight_source.h"

namespace llmi::train {

Result<ModelWeights> read_weights(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return not_found(fmt::format("no model at {}", path.string()));
  LLMI_TRY(const std::unique_ptr<WeightSource> source,
           std::filesystem::is_directory(path, error) ? open_hub_folder(path) : open_gguf(path));
  auto weights = assemble(*source);
  if (!weights) weights.error().message = fmt::format("{}: {}", path.string(), weights.error().message);
  return weights;
}

}  // namespace llmi::train
