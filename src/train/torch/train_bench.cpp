// Tokens a second of LoRA training on the embedded model, and what share of the time's matrix products at full speed
// that is. One JSON line a setting.
//
//   train_bench [SEQUENCES LENGTH REPEATS]
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string_view>

#include "base/paths.h"
#include "base/random.h"
#include "train/torch/torch_policy.h"

namespace llmi::train {
namespace {

struct Time {
  double wall = 1e9;
  double processor = 1e9;  ///< Of all threads.
};

/// The best of several, each by itself.
void measure(Time& best, const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t processor = std::clock();
  work();
  best.processor = std::min(best.processor, static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC);
  best.wall = std::min(best.wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}

constexpr std::int64_t kProductSize = 1536;
constexpr double kProductOperations = 2.0 * kProductSize * kProductSize * kProductSize;

/// SmolLM2-135M: products of a token's way there and back (the base is frozen: no gradient of its weights), the words'
/// table three times (there, there again, back). Attention and adapters are left out.
constexpr double kLayerWeights = 30.0 * (2 * 576 * 576 + 2 * 576 * 192 + 3 * 576 * 1536);
constexpr double kTableWeights = 49152.0 * 576;

std::vector<TokenSequence> sequences(std::size_t count, std::size_t length) {
  Random random(1);
  std::vector<TokenSequence> batch(count);
  for (TokenSequence& sequence : batch) {
    sequence.prompt_tokens = 1;
    while (sequence.tokens.size() < length) sequence.tokens.push_back(static_cast<std::int32_t>(random.below(49152)));
  }
  return batch;
}

int run(const PolicyOptions& options, const std::vector<TokenSequence>& batch, int repeats) {
  auto policy = open_torch_policy(options);
  if (!policy) {
    fmt::print(stderr, "{}\n", policy.error().message);
    return 1;
  }
  const bool bfloat16 = options.precision == Precision::kBfloat16;
  const at::Tensor square = at::rand({kProductSize, kProductSize}).to(bfloat16 ? at::kBFloat16 : at::kFloat);
  Time product;
  Time step;
  for (int i = 0; i < repeats; ++i) {
    for (int j = 0; j < 5; ++j) measure(product, [&] { (void)at::mm(square, square); });
    measure(step, [&] {
      (void)(*policy)->accumulate(
          batch, [](const TokenScores& scores) { return std::vector<double>(scores.log_probs.size(), -1e-3); });
      (void)(*policy)->update(1e-5, 1);
    });
  }
  const auto tokens = static_cast<double>(batch.size() * batch.front().tokens.size());
  const double products = tokens * 2 * ((options.checkpointing ? 3 : 2) * kLayerWeights + 3 * kTableWeights);
  const double speed = kProductOperations / product.processor;
  fmt::print(R"({{"precision": "{}", "checkpointing": {}, "threads": {}, "tokens_per_second": {:.1f}, )"
             R"("tokens_per_processor_second": {:.1f}, "product_gflops_per_processor_second": {:.0f}, )"
             R"("share_of_products": {:.3f}}})"
             "\n",
             bfloat16 ? "bfloat16" : "float32", options.checkpointing, options.threads, tokens / step.wall,
             tokens / step.processor, speed / 1e9, products / speed / step.processor);
  return 0;
}

}  // namespace
}  // namespace llmi::train

int main(int argc, char** argv) {
  using namespace llmi::train;
  const auto text = [&](int i, const char* otherwise) { return std::string_view(argc > i ? argv[i] : otherwise); };
  const auto number = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  const PolicyOptions options{
      .model = llmi::dependencies_folder() / "smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf",
      .precision = text(1, "float32") == "bfloat16" ? Precision::kBfloat16 : Precision::kFloat32,
      .checkpointing = text(2, "no") == "yes",
      .threads = number(3, 0)};
  return run(options, sequences(static_cast<std::size_t>(number(4, 8)), static_cast<std::size_t>(number(5, 256))),
             number(6, 2));
}
