#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "base/error.h"

namespace llmi::train {

/// Tensors by name and a map of texts beside them.
struct TensorFile {
  std::map<std::string, at::Tensor> tensors;  ///< float32 when read from F32, F16 or BF16.
  std::map<std::string, std::string> notes;   ///< "__metadata__".
};

/// Reads a whole file: 8 bytes little-endian length, JSON header, data.
/// Source: github.com/huggingface/safetensors, README, "Format".
/// Errors: kNotFound; kUnreadable for a file that breaks the format, or another type of number.
[[nodiscard]] Result<TensorFile> read_safetensors(const std::filesystem::path& path);

/// Writes float32 in one step: the old file or the new one is there, never a part. Errors: as write_file().
[[nodiscard]] Result<void> write_safetensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace llmi::train
