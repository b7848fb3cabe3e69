#include "train/torch/blas_kernels.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string_view>

namespace llmi::train {
namespace {

/// A function of the BLAS that is loaded, where it has one of that name: Debian lets the machine choose which that is.
template <class Function>
Function* find(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

const char* best_kernels() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
  return nullptr;
}

void choose_kernels() {
  auto* const chosen = find<char*()>("openblas_get_corename");
  auto* const leave = find<void()>("gotoblas_dynamic_quit");
  auto* const choose = find<void()>("gotoblas_dynamic_init");
  const char* best = best_kernels();
  if (chosen == nullptr || leave == nullptr || choose == nullptr || best == nullptr) return;
  // What it falls back to; a choice that the user's OPENBLAS_CORETYPE made stays.
  if (std::string_view(chosen()) != "Prescott" || std::getenv("OPENBLAS_CORETYPE") != nullptr) return;
  ::setenv("OPENBLAS_CORETYPE", best, 1);
  leave();
  choose();
}

}  // namespace

void prepare_blas(int threads) {
  choose_kernels();
  if (auto* const set = find<void(int)>("openblas_set_num_threads"); set != nullptr && threads > 0) set(threads);
}

}  // namespace llmi::train
