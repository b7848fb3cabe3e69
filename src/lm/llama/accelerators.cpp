#include "lm/llama/accelerators.h"

#include <ggml-backend.h>

#include <utility>

namespace llmi::lm {

std::vector<Accelerator> accelerators() {
  std::vector<Accelerator> found;
  for (std::size_t i = 0; i < ggml_backend_dev_count(); ++i) {
    ggml_backend_dev_t device = ggml_backend_dev_get(i);
    const auto type = ggml_backend_dev_type(device);
    if (type != GGML_BACKEND_DEVICE_TYPE_GPU && type != GGML_BACKEND_DEVICE_TYPE_IGPU) continue;
    Accelerator accelerator{.name = ggml_backend_dev_description(device)};
    ggml_backend_dev_memory(device, &accelerator.free, &accelerator.memory);
    found.push_back(std::move(accelerator));
  }
  return found;
}

}  // namespace llmi::lm
