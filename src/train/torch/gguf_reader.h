#pragma once

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "train/torch/weight_source.h"

namespace llmi::train {

/// A GGUF file, dequantised tensor by tensor. Errors: kNotFound; kUnreadable.
[[nodiscard]] Result<std::unique_ptr<WeightSource>> open_gguf(const std::filesystem::path& path);

}  // namespace llmi::train
