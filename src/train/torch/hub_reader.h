#pragma once

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "train/torch/weight_source.h"

namespace llmi::train {

/// A folder as the transformers library writes it: config.json and one or several *.safetensors.
/// Errors: kNotFound; kUnreadable.
[[nodiscard]] Result<std::unique_ptr<WeightSource>> open_hub_folder(const std::filesystem::path& folder);

}  // namespace llmi::train
