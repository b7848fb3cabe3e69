#include "lm/llama/processor.h"

#include <fmt/format.h>
#include <ggml-cpu.h>

#include <array>

namespace llmi::lm {

Result<void> check_processor() {
#if defined(__x86_64__)
  struct Feature {
    const char* name;
    bool used;
    bool present;
  };
  __builtin_cpu_init();
  const std::array features{
      Feature{"AVX", ggml_cpu_has_avx() != 0, __builtin_cpu_supports("avx") != 0},
      Feature{"AVX2", ggml_cpu_has_avx2() != 0, __builtin_cpu_supports("avx2") != 0},
      Feature{"FMA", ggml_cpu_has_fma() != 0, __builtin_cpu_supports("fma") != 0},
      Feature{"AVX-512", ggml_cpu_has_avx512() != 0, __builtin_cpu_supports("avx512f") != 0},
      Feature{"AVX-512 VBMI", ggml_cpu_has_avx512_vbmi() != 0, __builtin_cpu_supports("avx512vbmi") != 0},
      Feature{"AVX-512 VNNI", ggml_cpu_has_avx512_vnni() != 0, __builtin_cpu_supports("avx512vnni") != 0},
      Feature{"AVX-512 BF16", ggml_cpu_has_avx512_bf16() != 0, __builtin_cpu_supports("avx512bf16") != 0},
  };
  for (const Feature& feature : features) {
    if (feature.used && !feature.present)
      return fail(
          ErrorCode::kUnavailable, Origin::kInternal,
          fmt::format(
              "llama.cpp was built for another processor (this one lacks {}): remove build/deps and run ./llmi setup",
              feature.name));
  }
#endif
  return {};
}

}  // namespace llmi::lm
