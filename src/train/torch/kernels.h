#pragma once

#include <cstdint>

/// Element-wise work of the decoder, each in one pass over memory; rows are shared among the OpenMP threads. All arrays
/// are dense, row by row, and do not overlap unless said. NaN and infinity in the input come out as such.
namespace llmi::train::kernels {

/// out[i] = x[i] * weight / rms(x[i]), rms = sqrt(mean of squares + epsilon). [rows, width]; out may be x.
/// Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019.
void rms_norm(const float* x, const float* weight, float* out, std::int64_t rows, std::int64_t width, float epsilon);

/// Adds to `dx` the slope by x of rms_norm, given that by its output. Adds to `dweight` [width] unless null.
void rms_norm_backward(const float* x, const float* weight, const float* dout, float* dx, float* dweight,
                       std::int64_t rows, std::int64_t width, float epsilon);

/// Turns element i of each head with element i + size / 2 by the angle of the row's position: x [rows, heads, size] in
/// place, `cosines` and `sines` [rows, size / 2]. `direction` -1 turns back, which is also the slope.
/// Source: Su et al., "RoFormer", 2021; the pairing is the transformers library's.
void rotate(float* x, const float* cosines, const float* sines, std::int64_t rows, std::int64_t heads,
            std::int64_t size, float direction);

/// out = silu(gate) * up, over `count` elements. Source: Shazeer, "GLU Variants Improve Transformer", 2020.
void gated_silu(const float* gate, const float* up, float* out, std::int64_t count);
/// Puts the slopes by gate and up in the place of gate and up.
void gated_silu_backward(float* gate, float* up, const float* dout, std::int64_t count);

/// Softmax of scale * x over the first `start + i + 1` of row i's `width` elements, in place; zero after them.
/// `log_sums` [rows]: the logarithm of each row's sum.
void causal_softmax(float* x, float* log_sums, std::int64_t rows, std::int64_t width, std::int64_t start, float scale);
/// The same from the known log_sums.
void causal_softmax_again(float* x, const float* log_sums, std::int64_t rows, std::int64_t width, std::int64_t start,
                          float scale);
/// slopes = scale * probability * (slopes - centres), in place; zero after the row's last. `centres` [rows] is the sum
/// of probability * slope of each row.
void causal_softmax_backward(const float* probabilities, const float* centres, float* slopes, std::int64_t rows,
                             std::int64_t width, std::int64_t start, float scale);

/// sums[i] = a[i] · b[i], [rows, width].
void row_dots(const float* a, const float* b, float* sums, std::int64_t rows, std::int64_t width);

/// For each row of logits [rows, words]: the logarithm of the sum of exponentials, the log-probability of its target
/// and the entropy in nats.
void score_rows(const float* logits, const std::int64_t* targets, float* log_sums, double* log_probs, double* entropies,
                std::int64_t rows, std::int64_t words);
/// Replaces the logits by the slope of Σ slopes[i] * log_prob[i] by them.
void score_rows_backward(float* logits, const std::int64_t* targets, const float* log_sums, const float* slopes,
                         std::int64_t rows, std::int64_t words);

struct AdamWStep {
  float learning_rate, beta1, beta2, epsilon, weight_decay;
  float correction1, correction2;  ///< 1 - beta^t.
  float gradient_scale;            ///< Of the clipping.
};
/// One step in place. Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2.
void adamw(float* values, const float* gradients, float* means, float* squares, std::int64_t count,
           const AdamWStep& step);

}  // namespace llmi::train::kernels
