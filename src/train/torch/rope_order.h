#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace llmi::train {

/// GGUF files of architecture llama keep the rows of queries and keys so that rotary embedding turns neighbours (2i
/// with 2i + 1); llama.cpp's conversion permutes them. The first dimension of `rows` is [heads * head_size, …]. Source:
/// `permute` of LlamaModel in llama.cpp's conversion script.
[[nodiscard]] at::Tensor halves_from_neighbours(const at::Tensor& rows, std::int64_t heads);
/// The other way.
[[nodiscard]] at::Tensor neighbours_from_halves(const at::Tensor& rows, std::int64_t heads);

}  // namespace llmi::train
