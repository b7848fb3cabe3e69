#include "tools/pictures/backend.h"

#include <algorithm>
#include <array>

namespace llmi::tools::pictures {

std::span<const Backend* const> backends() {
  static constexpr std::array kBackends{&kSdServer, &kOpenAiImages, &kA1111, &kComfyUi, &kArk, &kQwenImage};
  return kBackends;
}

const Backend* find_backend(std::string_view name) {
  const auto found = std::ranges::find(backends(), name, [](const Backend* backend) { return backend->name; });
  return found == backends().end() ? nullptr : *found;
}

}  // namespace llmi::tools::pictures
