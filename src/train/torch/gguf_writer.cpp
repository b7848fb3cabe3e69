#include "train/torch/gguf_writer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <ggml.h>
#include <gguf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace llmi::train {
namespace {

std::unexpected<Error> not_written(const std::filesystem::path& path, int reason) {
  const ErrorCode code = reason == ENOSPC || reason == EDQUOT ? ErrorCode::kResourceExhausted : ErrorCode::kInternal;
  return fail(code, Origin::kCaller, fmt::format("cannot write {}: {}", path.string(), std::strerror(reason)));
}

}  // namespace

GgufWriter::GgufWriter(std::size_t tensors)
    : file_(gguf_init_empty()),
      context_(
          ggml_init({.mem_size = (tensors + 1) * ggml_tensor_overhead(), .mem_buffer = nullptr, .no_alloc = true})) {}

GgufWriter::~GgufWriter() {
  gguf_free(file_);
  ggml_free(context_);
}

void GgufWriter::add(const std::string& name, const at::Tensor& tensor) {
  kept_.push_back(tensor.to(at::kFloat).contiguous());
  std::vector<std::int64_t> sizes = tensor.sizes().vec();
  std::ranges::reverse(sizes);
  ggml_tensor* entry = ggml_new_tensor(context_, GGML_TYPE_F32, static_cast<int>(sizes.size()), sizes.data());
  ggml_set_name(entry, name.c_str());
  entry->data = kept_.back().data_ptr();
  gguf_add_tensor(file_, entry);
}

Result<void> GgufWriter::write(const std::filesystem::path& path) const {
  std::filesystem::path partial = path;
  partial += ".partial";
  std::FILE* out = std::fopen(partial.c_str(), "wb");
  if (out == nullptr) return not_written(path, errno);
  const bool whole = gguf_write_to_file_ptr(file_, out, false) && std::fflush(out) == 0 && ::fsync(::fileno(out)) == 0;
  const int reason = errno;
  std::fclose(out);
  std::error_code error;
  if (whole) std::filesystem::rename(partial, path, error);
  if (whole && !error) return {};
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  return not_written(path, whole ? error.value() : reason);
}

}  // namespace llmi::train
