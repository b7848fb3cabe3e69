#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace llmi::train {

/// The matrices of a layer, in the order of their use.
enum class Matrix : std::uint8_t { kQuery, kKey, kValue, kOutput, kGate, kUp, kDown };
inline constexpr std::size_t kMatrices = 7;
inline constexpr std::array<Matrix, kMatrices> kAllMatrices = {
    Matrix::kQuery, Matrix::kKey, Matrix::kValue, Matrix::kOutput, Matrix::kGate, Matrix::kUp, Matrix::kDown};

/// "blk.3.attn_q", without ".weight".
[[nodiscard]] std::string gguf_name(Matrix matrix, std::int64_t layer);
/// "model.layers.3.self_attn.q_proj", without ".weight": the names of the transformers library.
[[nodiscard]] std::string hub_name(Matrix matrix, std::int64_t layer);
/// "q_proj": what PEFT calls a target module.
[[nodiscard]] const char* module_name(Matrix matrix);

}  // namespace llmi::train
