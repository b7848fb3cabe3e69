#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

struct gguf_context;
struct ggml_context;

namespace llmi::train {

/// A GGUF file in the making: settings go straight into file(), tensors through add().
class GgufWriter {
 public:
  /// `tensors`: at least as many as will be added.
  explicit GgufWriter(std::size_t tensors);
  ~GgufWriter();
  GgufWriter(const GgufWriter&) = delete;
  GgufWriter& operator=(const GgufWriter&) = delete;

  [[nodiscard]] gguf_context* file() const { return file_; }
  /// As float32. Holds a reference, no copy, of a dense float32 tensor.
  void add(const std::string& name, const at::Tensor& tensor);
  /// In one step: the old file or the new one is there. Errors: kInternal with the system's reason.
  [[nodiscard]] Result<void> write(const std::filesystem::path& path) const;

 private:
  gguf_context* file_;
  ggml_context* context_;
  std::vector<at::Tensor> kept_;
};

}  // namespace llmi::train
