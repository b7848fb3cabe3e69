#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "train/torch/matrices.h"

namespace llmi::train {

struct LoraOptions {
  std::int64_t rank = 16;
  double alpha = 32;  ///< The adapter counts alpha / rank.
  std::vector<Matrix> matrices{kAllMatrices.begin(), kAllMatrices.end()};
};

/// Type of the products with the model's matrices. Everything else, and what is learnt, is float32.
enum class Precision : std::uint8_t { kFloat32, kBfloat16 };

struct PolicyOptions {
  std::filesystem::path model;  ///< A GGUF file, or a folder with config.json and safetensors files.
  std::optional<LoraOptions> lora = LoraOptions{};  ///< Without: all weights are learnt.
  Precision precision = Precision::kFloat32;
  bool checkpointing = false;  ///< Keep the input of each layer only, and compute a layer twice: memory for time.
  double weight_decay = 0.1;
  std::uint64_t seed = 1;  ///< Of the adapters' first values.
  int threads = 0;         ///< 0: all cores that the process may use. Holds for the whole process.
};

}  // namespace llmi::train
