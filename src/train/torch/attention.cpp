#include "train/torch/attention.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "train/torch/kernels.h"

namespace llmi::train {
namespace {

constexpr std::int64_t kBlockRows = 256;

/// Some queries of one head, with all keys of their sequence that the last of them sees.
struct Block {
  std::int64_t row, rows;    ///< Place among all tokens, and how many.
  std::int64_t start, seen;  ///< Of the sequence; tokens from there.
  std::int64_t head, kv_head;

  [[nodiscard]] std::int64_t before() const { return row - start; }
};

template <class Visit>
void for_each_block(const std::vector<std::int64_t>& starts, const ModelShape& shape, const Visit& visit) {
  for (std::size_t i = 0; i + 1 < starts.size(); ++i)
    for (std::int64_t head = 0; head < shape.heads; ++head)
      for (std::int64_t row = starts[i]; row < starts[i + 1]; row += kBlockRows) {
        const std::int64_t rows = std::min(kBlockRows, starts[i + 1] - row);
        visit(Block{.row = row,
                    .rows = rows,
                    .start = starts[i],
                    .seen = row + rows - starts[i],
                    .head = head,
                    .kv_head = head / (shape.heads / shape.kv_heads)});
      }
}

/// The columns of a head in some rows.
at::Tensor part(const at::Tensor& all, std::int64_t row, std::int64_t rows, std::int64_t head, std::int64_t size) {
  return all.narrow(0, row, rows).narrow(1, head * size, size);
}

float scale_of(const ModelShape& shape) { return 1.0F / std::sqrt(static_cast<float>(shape.head_size)); }

}  // namespace

Attended attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                const std::vector<std::int64_t>& starts, const ModelShape& shape) {
  const std::int64_t size = shape.head_size;
  Attended attended{.out = at::empty_like(queries), .log_sums = at::empty({shape.heads, queries.size(0)}, at::kFloat)};
  for_each_block(starts, shape, [&](const Block& block) {
    const at::Tensor query = part(queries, block.row, block.rows, block.head, size);
    const at::Tensor key = part(keys, block.start, block.seen, block.kv_head, size);
    at::Tensor weights = at::mm(query, key.t());
    kernels::causal_softmax(weights.data_ptr<float>(),
                            attended.log_sums.data_ptr<float>() + block.head * queries.size(0) + block.row, block.rows,
                            block.seen, block.before(), scale_of(shape));
    at::Tensor out = part(attended.out, block.row, block.rows, block.head, size);
    at::mm_out(out, weights, part(values, block.start, block.seen, block.kv_head, size));
  });
  return attended;
}

AttentionSlopes attend_backward(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                                const Attended& attended, const at::Tensor& dout,
                                const std::vector<std::int64_t>& starts, const ModelShape& shape) {
  const std::int64_t size = shape.head_size;
  const std::int64_t tokens = queries.size(0);
  AttentionSlopes slopes{
      .queries = at::empty_like(queries), .keys = at::zeros_like(keys), .values = at::zeros_like(values)};
  at::Tensor centres = at::empty({tokens, shape.heads}, at::kFloat);
  kernels::row_dots(dout.data_ptr<float>(), attended.out.data_ptr<float>(), centres.data_ptr<float>(),
                    tokens * shape.heads, size);
  centres = centres.t().contiguous();
  for_each_block(starts, shape, [&](const Block& block) {
    const at::Tensor query = part(queries, block.row, block.rows, block.head, size);
    const at::Tensor key = part(keys, block.start, block.seen, block.kv_head, size);
    const at::Tensor slope = part(dout, block.row, block.rows, block.head, size);
    const std::int64_t place = block.head * tokens + block.row;
    at::Tensor weights = at::mm(query, key.t());
    kernels::causal_softmax_again(weights.data_ptr<float>(), attended.log_sums.data_ptr<float>() + place, block.rows,
                                  block.seen, block.before(), scale_of(shape));
    at::Tensor dscores = at::mm(slope, part(values, block.start, block.seen, block.kv_head, size).t());
    kernels::causal_softmax_backward(weights.data_ptr<float>(), centres.data_ptr<float>() + place,
                                     dscores.data_ptr<float>(), block.rows, block.seen, block.before(),
                                     scale_of(shape));
    at::Tensor dquery = part(slopes.queries, block.row, block.rows, block.head, size);
    at::mm_out(dquery, dscores, key);
    part(slopes.keys, block.start, block.seen, block.kv_head, size).addmm_(dscores.t(), query);
    part(slopes.values, block.start, block.seen, block.kv_head, size).addmm_(weights.t(), slope);
  });
  return slopes;
}

}  // namespace llmi::train
