#include "train/torch/matrices.h"

#include <fmt/format.h>

namespace llmi::train {
namespace {

struct Names {
  const char* gguf;
  const char* block;
  const char* module;
};

constexpr std::array<Names, kMatrices> kNames = {{{"attn_q", "self_attn", "q_proj"},
                                                  {"attn_k", "self_attn", "k_proj"},
                                                  {"attn_v", "self_attn", "v_proj"},
                                                  {"attn_output", "self_attn", "o_proj"},
                                                  {"ffn_gate", "mlp", "gate_proj"},
                                                  {"ffn_up", "mlp", "up_proj"},
                                                  {"ffn_down", "mlp", "down_proj"}}};

const Names& names(Matrix matrix) { return kNames.at(static_cast<std::size_t>(matrix)); }

}  // namespace

std::string gguf_name(Matrix matrix, std::int64_t layer) { return fmt::format("blk.{}.{}", layer, names(matrix).gguf); }

std::string hub_name(Matrix matrix, std::int64_t layer) {
  return fmt::format("model.layers.{}.{}.{}", layer, names(matrix).block, names(matrix).module);
}

const char* module_name(Matrix matrix) { return names(matrix).module; }

}  // namespace llmi::train
