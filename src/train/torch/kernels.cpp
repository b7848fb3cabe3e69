#include "train/torch/kernels.h"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace llmi::train::kernels {
namespace {

constexpr std::int64_t kGrain = std::int64_t{1}
                                << 14;  // elements below which a second thread costs more than it brings

/// e^x to about 1e-7 of its size, in a form that compilers vectorise; 0 below -87, where floats lose digits.
/// Coefficients: Cephes, expf.
inline float exponential(float x) {
  const float bounded = x > 88.0F ? 88.0F : x;
  const float power = std::nearbyintf(bounded * 1.44269504F);
  const float rest = (bounded - power * 0.693359375F) + power * 2.12194440e-4F;
  float sum = 1.9875691500e-4F;
  for (const float coefficient :
       {1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F})
    sum = sum * rest + coefficient;
  sum = sum * rest * rest + rest + 1.0F;
  // A float beyond int's range has no int; NaN stays in `sum`.
  const float shift = power > -126.0F ? power : -126.0F;
  const float scale = std::bit_cast<float>((static_cast<std::int32_t>(shift) + 127) << 23);
  return x < -87.0F ? 0.0F : sum * scale;
}

inline float sigmoid(float x) { return 1.0F / (1.0F + exponential(-x)); }

inline float inverse_rms(const float* x, std::int64_t width, float epsilon) {
  float sum = 0;
  for (std::int64_t i = 0; i < width; ++i) sum += x[i] * x[i];
  return 1.0F / std::sqrt(sum / static_cast<float>(width) + epsilon);
}

inline float largest(const float* x, std::int64_t count) {
  float top = x[0];
  for (std::int64_t i = 1; i < count; ++i) top = x[i] > top ? x[i] : top;
  return top;
}

}  // namespace

void rms_norm(const float* x, const float* weight, float* out, std::int64_t rows, std::int64_t width, float epsilon) {
#pragma omp parallel for if (rows * width > kGrain)
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* in = x + row * width;
    const float inverse = inverse_rms(in, width, epsilon);
    for (std::int64_t i = 0; i < width; ++i) out[row * width + i] = in[i] * inverse * weight[i];
  }
}

void rms_norm_backward(const float* x, const float* weight, const float* dout, float* dx, float* dweight,
                       std::int64_t rows, std::int64_t width, float epsilon) {
#pragma omp parallel if (rows * width > kGrain)
  {
    std::vector<float> sums(dweight != nullptr ? static_cast<std::size_t>(width) : 0);
#pragma omp for schedule(static)
    for (std::int64_t row = 0; row < rows; ++row) {
      const float* in = x + row * width;
      const float* slope = dout + row * width;
      float* target = dx + row * width;
      const float inverse = inverse_rms(in, width, epsilon);
      float product = 0;
      for (std::int64_t i = 0; i < width; ++i) product += slope[i] * weight[i] * in[i];
      const float along = product * inverse * inverse / static_cast<float>(width);
      for (std::int64_t i = 0; i < width; ++i) target[i] += inverse * (slope[i] * weight[i] - in[i] * along);
      if (dweight != nullptr)
        for (std::int64_t i = 0; i < width; ++i) sums[static_cast<std::size_t>(i)] += slope[i] * in[i] * inverse;
    }
    // In the order of the threads, so that the same input gives the same bits.
#pragma omp for ordered schedule(static, 1)
    for (std::int64_t thread = 0; thread < omp_get_num_threads(); ++thread) {
#pragma omp ordered
      for (std::size_t i = 0; i < sums.size(); ++i) dweight[i] += sums[i];
    }
  }
}

void rotate(float* x, const float* cosines, const float* sines, std::int64_t rows, std::int64_t heads,
            std::int64_t size, float direction) {
  const std::int64_t half = size / 2;
#pragma omp parallel for if (rows * heads * size > kGrain)
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* cosine = cosines + row * half;
    const float* sine = sines + row * half;
    for (std::int64_t head = 0; head < heads; ++head) {
      float* first = x + (row * heads + head) * size;
      float* second = first + half;
      for (std::int64_t i = 0; i < half; ++i) {
        const float a = first[i];
        const float b = second[i];
        first[i] = a * cosine[i] - direction * b * sine[i];
        second[i] = b * cosine[i] + direction * a * sine[i];
      }
    }
  }
}

void gated_silu(const float* gate, const float* up, float* out, std::int64_t count) {
#pragma omp parallel for simd if (parallel : count > kGrain)
  for (std::int64_t i = 0; i < count; ++i) out[i] = gate[i] * sigmoid(gate[i]) * up[i];
}

void gated_silu_backward(float* gate, float* up, const float* dout, std::int64_t count) {
#pragma omp parallel for simd if (parallel : count > kGrain)
  for (std::int64_t i = 0; i < count; ++i) {
    const float share = sigmoid(gate[i]);
    const float silu = gate[i] * share;
    const float slope = dout[i];
    gate[i] = slope * up[i] * (share + silu * (1.0F - share));
    up[i] = slope * silu;
  }
}

void causal_softmax(float* x, float* log_sums, std::int64_t rows, std::int64_t width, std::int64_t start, float scale) {
#pragma omp parallel for schedule(static, 8) if (rows * width > kGrain)
  for (std::int64_t row = 0; row < rows; ++row) {
    float* values = x + row * width;
    const std::int64_t seen = start + row + 1;
    const float top = largest(values, seen) * scale;
    float sum = 0;
    for (std::int64_t i = 0; i < seen; ++i) {
      values[i] = exponential(values[i] * scale - top);
      sum += values[i];
    }
    const float inverse = 1.0F / sum;
    for (std::int64_t i = 0; i < seen; ++i) values[i] *= inverse;
    std::fill(values + seen, values + width, 0.0F);
    log_sums[row] = top + std::log(sum);
  }
}

void causal_softmax_again(float* x, const float* log_sums, std::int64_t rows, std::int64_t width, std::int64_t start,
                          float scale) {
#pragma omp parallel for schedule(static, 8) if (rows * width > kGrain)
  for (std::int64_t row = 0; row < rows; ++row) {
    float* values = x + row * width;
    const std::int64_t seen = start + row + 1;
    for (std::int64_t i = 0; i < seen; ++i) values[i] = exponential(values[i] * scale - log_sums[row]);
    std::fill(values + seen, values + width, 0.0F);
  }
}

void causal_softmax_backward(const float* probabilities, const float* centres, float* slopes, std::int64_t rows,
                             std::int64_t width, std::int64_t start, float scale) {
#pragma omp parallel for schedule(static, 8) if (rows * width > kGrain)
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* share = probabilities + row * width;
    float* values = slopes + row * width;
    const std::int64_t seen = start + row + 1;
    for (std::int64_t i = 0; i < seen; ++i) values[i] = scale * share[i] * (values[i] - centres[row]);
    std::fill(values + seen, values + width, 0.0F);
  }
}

void row_dots(const float* a, const float* b, float* sums, std::int64_t rows, std::int64_t width) {
#pragma omp parallel for if (rows * width > kGrain)
  for (std::int64_t row = 0; row < rows; ++row) {
    float sum = 0;
    for (std::int64_t i = 0; i < width; ++i) sum += a[row * width + i] * b[row * width + i];
    sums[row] = sum;
  }
}

void score_rows(const float* logits, const std::int64_t* targets, float* log_sums, double* log_probs, double* entropies,
                std::int64_t rows, std::int64_t words) {
#pragma omp parallel for
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* values = logits + row * words;
    const float top = largest(values, words);
    float sum = 0;
    float weighted = 0;
    for (std::int64_t i = 0; i < words; ++i) {
      const float below = values[i] - top;
      const float power = exponential(below);
      sum += power;
      weighted += power * below;
    }
    const double log_sum = std::log(static_cast<double>(sum));
    log_sums[row] = top + static_cast<float>(log_sum);
    log_probs[row] = static_cast<double>(values[targets[row]] - top) - log_sum;
    entropies[row] = log_sum - static_cast<double>(weighted) / static_cast<double>(sum);
  }
}

void score_rows_backward(float* logits, const std::int64_t* targets, const float* log_sums, const float* slopes,
                         std::int64_t rows, std::int64_t words) {
#pragma omp parallel for
  for (std::int64_t row = 0; row < rows; ++row) {
    float* values = logits + row * words;
    const float slope = slopes[row];
    for (std::int64_t i = 0; i < words; ++i) values[i] = -slope * exponential(values[i] - log_sums[row]);
    values[targets[row]] += slope;
  }
}

void adamw(float* values, const float* gradients, float* means, float* squares, std::int64_t count,
           const AdamWStep& step) {
#pragma omp parallel for simd if (parallel : count > kGrain)
  for (std::int64_t i = 0; i < count; ++i) {
    const float slope = gradients[i] * step.gradient_scale;
    means[i] = step.beta1 * means[i] + (1.0F - step.beta1) * slope;
    squares[i] = step.beta2 * squares[i] + (1.0F - step.beta2) * slope * slope;
    const float mean = means[i] / step.correction1;
    const float spread = std::sqrt(squares[i] / step.correction2) + step.epsilon;
    values[i] -= step.learning_rate * (mean / spread + step.weight_decay * values[i]);
  }
}

}  // namespace llmi::train::kernels
