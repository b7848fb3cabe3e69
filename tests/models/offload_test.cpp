// With the tiny models (LLMI_TEST_MODELS); on a machine with an accelerator the second half of each expectation counts.
#include "lm/llama/offload.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <limits>

#include "lm/llama/accelerators.h"

namespace llmi::lm {
namespace {

std::filesystem::path model() {
  const char* folder = std::getenv("LLMI_TEST_MODELS");
  if (folder == nullptr) throw std::runtime_error("LLMI_TEST_MODELS is not set");
  return std::filesystem::path(folder) / "llama.gguf";
}

llama_context_params context() {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = 512;
  return params;
}

TEST(Offload, WhatFitsGoesToTheAccelerator) {
  const Offload offload(model(), context(), 0);
  if (accelerators().empty()) {
    EXPECT_EQ(offload.params().n_gpu_layers, 0);
  } else {
    EXPECT_NE(offload.params().n_gpu_layers, 0);
  }
}

TEST(Offload, NothingGoesWhereNoMemoryIsFree) {
  const Offload offload(model(), context(), std::size_t{1} << 50U);
  EXPECT_EQ(offload.params().n_gpu_layers, 0);
}

}  // namespace
}  // namespace llmi::lm
