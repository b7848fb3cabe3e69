#include "train/torch/rope_order.h"

#include <ATen/ATen.h>

namespace llmi::train {
namespace {

/// Splits the rows of each head into `outer` groups and swaps groups with what is inside them.
at::Tensor transpose_groups(const at::Tensor& rows, std::int64_t heads, std::int64_t outer, std::int64_t inner) {
  return rows.reshape({heads, outer, inner, -1}).transpose(1, 2).reshape(rows.sizes()).contiguous();
}

}  // namespace

at::Tensor halves_from_neighbours(const at::Tensor& rows, std::int64_t heads) {
  return transpose_groups(rows, heads, rows.size(0) / heads / 2, 2);
}

at::Tensor neighbours_from_halves(const at::Tensor& rows, std::int64_t heads) {
  return transpose_groups(rows, heads, 2, rows.size(0) / heads / 2);
}

}  // namespace llmi::train
