#include "known_models.h"

#include <array>

#include "base/paths.h"

namespace llmi::app {
namespace {

constexpr std::array kModels{
    KnownModel{.name = "smollm2-135m-instruct",
               .file = "smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
               .sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
               .licence = "Apache-2.0",
               .about = "embedded; 135 million parameters, English"},
};

}  // namespace

std::span<const KnownModel> known_models() { return kModels; }

const KnownModel* find_known_model(std::string_view name) {
  for (const KnownModel& model : kModels) {
    if (model.name == name) return &model;
  }
  return nullptr;
}

std::filesystem::path model_path(const KnownModel& model) { return dependencies_folder() / model.file; }

}  // namespace llmi::app
